#include "host/plugin_host.hpp"

#include "drawlab/error.hpp"
#include "drawlab/parameters.hpp"

#include "folders.hpp"
#include "system/sha256.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace drawlab {
namespace {

using test::content_of;
using test::Environment;
using test::refused;
using test::sound;
using test::TemporaryFolder;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const PluginError& error) {
    return error.what();
  }
  return "no error";
}

TEST(PluginHost, OpensAPluginAndKeepsItsRecord) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  const PluginRecord& record = host.read_write("window").record;
  EXPECT_EQ(record.kind, PluginKind::read_write);
  EXPECT_EQ(record.name, "window");
  EXPECT_EQ(record.version, "1.2.0");
  EXPECT_EQ(record.summary, "a window");
  EXPECT_EQ(record.reference, "the DRAW paper");
  EXPECT_EQ(record.library, sound("window"));
  EXPECT_EQ(record.sha256, sha256_of_file(sound("window")));
  EXPECT_EQ(&host.read_write("window").record, &record);
}

TEST(PluginHost, OpensALibraryWithoutItsDebuggingSymbols) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  EXPECT_EQ(host.dataset("stripped").record.name, "stripped");
}

TEST(PluginHost, OpensALibraryByABareFileNameFromTheCurrentFolder) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(DRAWLAB_TEST_PLUGINS);
  EXPECT_STREQ(PluginHost::open("libdrawlab_flat.so").name, "flat");
  std::filesystem::current_path(before);
}

TEST(PluginHost, GivesEachHalfItsOwnOptions) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  const ReadWritePlugin& window = host.read_write("window");
  EXPECT_EQ(to_json(window.read_options()->table().resolved()), R"({"size":2})");
  EXPECT_EQ(to_json(window.write_options()->table().resolved()), R"({"size":5})");
}

TEST(PluginHost, NamesTheHalfThatAPluginDoesNotHave) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  const ReadWritePlugin& reader = host.read_write("reader");
  EXPECT_TRUE(reader.can_read());
  EXPECT_FALSE(reader.can_write());
  EXPECT_EQ(error_of([&] { reader.write_options(); }), sound("reader").string() + ": 'reader' has no write options");
}

TEST(PluginHost, NamesThePluginThatAnUnknownNameIsNearestTo) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  EXPECT_EQ(error_of([&] { host.read_write("windwo"); }),
            "unknown plugin 'windwo'; did you mean 'window'? (looked in " + std::string(DRAWLAB_TEST_PLUGINS) + ")");
}

TEST(PluginHost, NamesTheKindThatIsNeeded) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  EXPECT_EQ(error_of([&] { host.read_write("flat"); }),
            sound("flat").string() + ": 'flat' is a dataset plugin, need a read/write plugin");
  EXPECT_EQ(error_of([&] { host.dataset("window"); }),
            sound("window").string() + ": 'window' is a read/write plugin, need a dataset plugin");
}

TEST(PluginHost, TakesTheFirstLibraryOfANameAndSkipsFoldersThatDoNotExist) {
  const TemporaryFolder folder;
  folder.write("libdrawlab_flat.so", content_of(sound("flat")));
  PluginHost host({folder.path() / "absent", folder.path(), DRAWLAB_TEST_PLUGINS});
  EXPECT_EQ(host.dataset("flat").record.library, folder.path() / "libdrawlab_flat.so");
  EXPECT_EQ(host.dataset("wrapper").record.library, sound("wrapper"));
}

TEST(PluginHost, ListsWhatPassesAndWhyTheOthersDoNot) {
  const TemporaryFolder folder;
  folder.write("libdrawlab_flat.so", content_of(sound("flat")));
  folder.write("libdrawlab_older_abi.so", content_of(refused("older_abi")));
  folder.write("libother.so", "not looked at");
  folder.write("README.md", "not looked at");
  PluginHost host({folder.path()});
  EXPECT_THAT(host.names(), ElementsAre("flat", "older_abi"));
  const PluginHost::Listing listing = host.list();
  ASSERT_EQ(listing.plugins.size(), 1u);
  EXPECT_EQ(listing.plugins[0].name, "flat");
  ASSERT_EQ(listing.refusals.size(), 1u);
  EXPECT_TRUE(listing.refusals[0].starts_with((folder.path() / "libdrawlab_older_abi.so").string()));
}

TEST(PluginHost, LooksAgainForAPluginThatWasRefused) {
  const TemporaryFolder folder;
  folder.write("libdrawlab_flat.so", "not yet built");
  PluginHost host({folder.path()});
  EXPECT_NE(error_of([&] { host.dataset("flat"); }), "no error");
  std::filesystem::remove(folder.path() / "libdrawlab_flat.so");
  folder.write("libdrawlab_flat.so", content_of(sound("flat")));
  EXPECT_EQ(error_of([&] { host.dataset("flat"); }), "no error");
}

TEST(PluginHost, WarnsRootOfALibraryAndAFolderThatOthersMayWriteTo) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root is warned";
  const TemporaryFolder folder;
  const auto library = folder.write("libdrawlab_flat.so", content_of(sound("flat")));
  ::chmod(library.c_str(), 0664);
  ::chmod(folder.path().c_str(), 0777);
  PluginHost host({folder.path()});
  host.dataset("flat");
  EXPECT_THAT(
      host.warnings(),
      ElementsAre(
          library.string() + ": its group may write here, and root runs this plugin; chmod go-w mends it",
          folder.path().string() + ": everyone may write here, and root runs the plugins in it; chmod go-w mends it"));
}

TEST(PluginHost, WarnsOfNothingWhereOnlyTheOwnerMayWrite) {
  const TemporaryFolder folder;
  const auto library = folder.write("libdrawlab_flat.so", content_of(sound("flat")));
  ::chmod(library.c_str(), 0644);
  PluginHost host({folder.path()});
  host.dataset("flat");
  EXPECT_THAT(host.warnings(), IsEmpty());
}

TEST(PluginHost, NamesTheLibraryOfAFactoryThatThrows) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  const DatasetPlugin& throwing = host.dataset("throwing");
  EXPECT_EQ(error_of([&] { throwing.files(*throwing.options()); }),
            sound("throwing").string() + ": 'throwing' failed at its list of files: no list today");
}

TEST(PluginHost, LooksInTheFoldersOfTheCallerTheEnvironmentTheUserAndTheProgram) {
  const Environment path("DRAWLAB_PLUGIN_PATH", "/one::/two");
  const Environment data("XDG_DATA_HOME", "/home/someone/data");
  const std::vector<std::filesystem::path> folders = PluginHost::standard_folders({"/given"});
  ASSERT_GE(folders.size(), 5u);
  EXPECT_EQ(folders[0], "/given");
  EXPECT_EQ(folders[1], "/one");
  EXPECT_EQ(folders[2], "/two");
  EXPECT_EQ(folders[3], "/home/someone/data/drawlab/plugins");
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  EXPECT_EQ(folders[4], program.parent_path().parent_path() / "lib/drawlab/plugins");
}

TEST(PluginHost, IgnoresARelativeFolderInTheUsersEnvironment) {
  const Environment path("DRAWLAB_PLUGIN_PATH", std::nullopt);
  const Environment data("XDG_DATA_HOME", "relative");
  const Environment home("HOME", "/home/someone");
  EXPECT_THAT(PluginHost::standard_folders(), Contains("/home/someone/.local/share/drawlab/plugins"));
}

}  // namespace
}  // namespace drawlab
