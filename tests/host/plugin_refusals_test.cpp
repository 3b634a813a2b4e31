#include "drawlab/error.hpp"

#include "folders.hpp"
#include "host/plugin_host.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace drawlab {
namespace {

using test::content_of;
using test::refused;
using test::sound;
using test::TemporaryFolder;

/// The sentence with which a library is refused, without its path and colon.
std::string refusal(const std::filesystem::path& library) {
  try {
    PluginHost::open(library);
  } catch (const PluginError& error) {
    const std::string sentence = error.what();
    const std::string prefix = library.string() + ": ";
    return sentence.starts_with(prefix) ? sentence.substr(prefix.size()) : "without the path: " + sentence;
  }
  return "not refused";
}

std::string number(std::size_t value) { return std::to_string(value); }

TEST(PluginRefusal, NamesAFileThatDoesNotExist) { EXPECT_EQ(refusal(refused("missing")), "there is no such file"); }

TEST(PluginRefusal, TellsAFolderFromALibrary) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "libdrawlab_x.so");
  EXPECT_EQ(refusal(folder.path() / "libdrawlab_x.so"), "not a file");
}

TEST(PluginRefusal, TellsTextAndAnEmptyFileFromALibrary) {
  const TemporaryFolder folder;
  EXPECT_EQ(refusal(folder.write("libdrawlab_x.so", "echo this is a script\n")),
            "not a shared library (no ELF header)");
  EXPECT_EQ(refusal(folder.write("libdrawlab_y.so", "")), "not a shared library (no ELF header)");
}

TEST(PluginRefusal, TellsALibraryForAnotherMachine) {
  const TemporaryFolder folder;
  std::string library = content_of(sound("flat"));
  const bool arm = library[18] == '\xb7';
  const std::string here = arm ? "AArch64" : "x86-64";
  library[18] = arm ? '\x3e' : '\xb7';
  EXPECT_EQ(refusal(folder.write("libdrawlab_flat.so", library)),
            "a library for " + std::string(arm ? "x86-64" : "AArch64") + ", need " + here);
  library[4] = 1;
  EXPECT_EQ(refusal(folder.write("libdrawlab_flat.so", library)), "a 32-bit library, need 64-bit " + here);
}

TEST(PluginRefusal, TellsALibraryThatIsCutShort) {
  const TemporaryFolder folder;
  const std::string library = content_of(sound("flat"));
  EXPECT_EQ(refusal(folder.write("libdrawlab_flat.so", library.substr(0, 30))),
            "cut short or damaged: the ELF header at byte 0 reaches beyond the file's 30 bytes");
  const std::string sentence = refusal(folder.write("libdrawlab_flat.so", library.substr(0, 4000)));
  EXPECT_TRUE(sentence.starts_with("cut short or damaged: the section table at byte ")) << sentence;
  EXPECT_TRUE(sentence.ends_with(" reaches beyond the file's 4000 bytes")) << sentence;
}

TEST(PluginRefusal, SurvivesALibraryWithDamageAnywhereInItsHeaders) {
  const TemporaryFolder folder;
  const std::string library = content_of(sound("flat"));
  for (std::size_t byte = 16; byte < 64; ++byte) {
    if (byte >= 24 && byte < 40) continue;  // the entry point and the program headers are the dynamic linker's to read
    std::string damaged = library;
    damaged[byte] = static_cast<char>(~damaged[byte]);
    try {
      PluginHost::open(folder.write("libdrawlab_flat_" + std::to_string(byte) + ".so", damaged));
    } catch (const PluginError&) {
      continue;
    }
    ADD_FAILURE() << "byte " << byte;
  }
}

TEST(PluginRefusal, TellsALibraryThatIsNoPluginWithoutRunningIt) {
  EXPECT_EQ(refusal(refused("no_descriptor")),
            "no drawlab plugin: it does not export 'drawlab_plugin'; see DRAWLAB_PLUGIN");
}

TEST(PluginRefusal, TellsASymbolThatIsNoDescriptor) {
  EXPECT_EQ(refusal(refused("short_symbol")), "its 'drawlab_plugin' is no descriptor: 4 bytes, need at least 16");
  EXPECT_EQ(refusal(refused("function_symbol")), "its 'drawlab_plugin' is no descriptor: it is a function");
}

TEST(PluginRefusal, NamesAWrongMagicNumber) {
  EXPECT_EQ(refusal(refused("wrong_magic")),
            "its 'drawlab_plugin' is no descriptor: it starts with 0x0123456789abcdef, need 0x62616c7761726421");
}

TEST(PluginRefusal, NamesAnOlderAndANewerAbi) {
  const std::string needed = number(kPluginAbi);
  EXPECT_EQ(refusal(refused("older_abi")), "built for plugin ABI " + number(kPluginAbi - 1) + ", need " + needed +
                                               "; rebuild it against drawlab " + kVersion);
  EXPECT_EQ(refusal(refused("newer_abi")), "built for plugin ABI " + number(kPluginAbi + 1) + ", need " + needed +
                                               "; it is newer than this drawlab " + kVersion);
}

/// Sets the file that marking libraries write, for as long as it lives.
class MarkedFile {
 public:
  explicit MarkedFile(const std::filesystem::path& file) { ::setenv("DRAWLAB_TEST_MARK", file.c_str(), 1); }
  ~MarkedFile() { ::unsetenv("DRAWLAB_TEST_MARK"); }
  MarkedFile(const MarkedFile&) = delete;
  MarkedFile& operator=(const MarkedFile&) = delete;
};

TEST(PluginRefusal, OfAnotherAbiRunsNoCodeOfThePlugin) {
  const TemporaryFolder folder;
  const MarkedFile mark(folder.path() / "mark");
  EXPECT_EQ(refusal(refused("marking_abi")), "built for plugin ABI " + number(kPluginAbi + 1) + ", need " +
                                                 number(kPluginAbi) + "; it is newer than this drawlab " + kVersion);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "mark"));
  // A plugin that is not refused does leave its mark.
  EXPECT_EQ(refusal(folder.write("libdrawlab_marking.so", content_of(sound("marking")))), "not refused");
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "mark"));
}

TEST(PluginRefusal, TellsAFileThatIsReplacedWhileItIsOpened) {
  const TemporaryFolder folder;
  const auto library = folder.write("libdrawlab_marking.so", content_of(sound("marking")));
  const MarkedFile mark(library);
  EXPECT_EQ(refusal(library), "the file changed while it was opened; try again");
}

TEST(PluginRefusal, NamesAnotherSizeOfTheDescriptorOrItsFactories) {
  EXPECT_EQ(refusal(refused("other_descriptor_size")), "its descriptor has " + number(sizeof(PluginDescriptor) + 8) +
                                                           " bytes, need " + number(sizeof(PluginDescriptor)) +
                                                           "; rebuild it against this drawlab");
  EXPECT_EQ(refusal(refused("other_factories_size")),
            "its table of factories has " + number(sizeof(DatasetFactories) - 8) + " bytes, need " +
                number(sizeof(DatasetFactories)) + "; rebuild it against this drawlab");
}

TEST(PluginRefusal, NamesAnotherCompilerAbi) {
  EXPECT_EQ(refusal(refused("other_compiler")),
            std::string("built with itanium/libstdc++-old/plain, need ") + kCompilerAbi);
}

TEST(PluginRefusal, NamesAnotherSanitizer) {
  const std::string here = kCompilerAbi;
  const std::string other = here.substr(0, here.rfind('/')) + (here.ends_with("/asan") ? "/plain" : "/asan");
  EXPECT_EQ(refusal(refused("other_sanitizer")), "built with " + other + ", need " + here);
}

TEST(PluginRefusal, NamesTheDebugModeOfTheStandardLibrary) {
  const std::string here = kCompilerAbi;
  const std::size_t end = here.rfind('/');
  EXPECT_EQ(refusal(refused("debug_containers")),
            "built with " + here.substr(0, end) + "-debug" + here.substr(end) + ", need " + here);
}

TEST(PluginRefusal, NamesAnUnknownKind) {
  EXPECT_EQ(refusal(refused("unknown_kind")), "its kind is 7, need 1 (read/write) or 2 (dataset)");
}

TEST(PluginRefusal, TellsMissingFactoriesAndTexts) {
  EXPECT_EQ(refusal(refused("no_factories")),
            "its factories are incomplete; describe_read_write and describe_dataset fill them");
  EXPECT_EQ(refusal(refused("no_version")), "its name, version, summary or reference is missing");
}

TEST(PluginRefusal, NamesAPluginWhoseFileIsNamedForAnother) {
  EXPECT_EQ(refusal(refused("misnamed")), "calls itself 'another', so its file must be named libdrawlab_another.so");
}

TEST(PluginRefusal, NamesASymbolThatThisDrawlabDoesNotHave) {
  EXPECT_EQ(refusal(refused("unresolved")),
            std::string("needs 'drawlab::of_a_later_version(double)', which neither drawlab ") + kVersion +
                " nor the libraries it was linked with offer; rebuild it against this drawlab");
}

/// Runs `work` in a child without root's privileges and gives its text back.
template <class Work>
std::string without_privileges(Work work) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    const bool dropped = ::geteuid() != 0 || (::setgid(65534) == 0 && ::setuid(65534) == 0);
    const std::string text = dropped ? work() : "privileges not dropped";
    const bool told = ::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::_exit(told ? 0 : 1);
  }
  ::close(ends[1]);
  std::string text(1000, '\0');
  const ssize_t size = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

TEST(PluginRefusal, NamesAFileThatMayNotBeRead) {
  const TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  const auto library = folder.write("libdrawlab_flat.so", content_of(sound("flat")));
  ::chmod(library.c_str(), 0200);
  EXPECT_EQ(without_privileges([&] { return refusal(library); }), "cannot be read: Permission denied");
}

TEST(PluginHost, WarnsOfAPluginFolderThatMayNotBeListed) {
  const TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  std::filesystem::create_directory(folder.path() / "closed");
  ::chmod((folder.path() / "closed").c_str(), 0000);
  const std::string told = without_privileges([&] {
    const PluginHost host({folder.path() / "closed"});
    return host.warnings().size() == 1 ? host.warnings().front() : number(host.warnings().size()) + " warnings";
  });
  EXPECT_EQ(told, (folder.path() / "closed").string() + ": this plugin folder cannot be listed: Permission denied");
}

}  // namespace
}  // namespace drawlab
