#include "host/plugin_library.hpp"

#include "drawlab/error.hpp"

#include "host/elf_symbol.hpp"
#include "system/read_file.hpp"
#include "system/sha256.hpp"

#include <boost/dll/shared_library.hpp>
#include <cxxabi.h>
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iomanip>
#include <optional>
#include <span>
#include <sstream>
#include <system_error>

namespace drawlab {

namespace {

/// The numbers at the start of a descriptor. No relocation changes them: they are in the file as they are in memory.
struct DescriptorNumbers {
  std::uint64_t magic;
  std::uint32_t abi;
  std::uint32_t descriptor_size;
  std::uint32_t kind;
  std::uint32_t factories_size;
};
static_assert(offsetof(PluginDescriptor, kind) == offsetof(DescriptorNumbers, kind) &&
              offsetof(PluginDescriptor, compiler_abi) == sizeof(DescriptorNumbers));
/// Magic, ABI and the descriptor's size: their offsets are the same in every version.
constexpr std::uint64_t kFixedBytes = offsetof(DescriptorNumbers, kind);

[[noreturn]] void refuse(const std::filesystem::path& library, const std::string& reason) {
  throw PluginError(library.string() + ": " + reason);
}

struct stat status_of(const std::filesystem::path& library) {
  struct stat status {};
  if (::stat(library.c_str(), &status) != 0) {
    refuse(library,
           errno == ENOENT ? "there is no such file" : "cannot be read: " + std::generic_category().message(errno));
  }
  if (!S_ISREG(status.st_mode)) refuse(library, "not a file");
  return status;
}

bool is_same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

std::string content_of(const std::filesystem::path& library) {
  try {
    return read_file(library);
  } catch (const DataError& error) {
    throw PluginError(error.what());
  }
}

std::string demangled(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status),
                                                    &std::free);
  return status == 0 ? name.get() : symbol;
}

/// The dynamic linker's words for a failure, without the path that our sentence starts with.
std::string linker_message(const std::filesystem::path& library) {
  const char* const text = ::dlerror();
  std::string message = text == nullptr ? "the dynamic linker gave no reason" : text;
  if (const std::string prefix = library.string() + ": "; message.starts_with(prefix)) message.erase(0, prefix.size());
  constexpr const char* kUndefined = "undefined symbol: ";
  if (!message.starts_with(kUndefined)) return "cannot be opened: " + message;
  std::string symbol = message.substr(std::strlen(kUndefined));
  symbol = symbol.substr(0, symbol.find_first_of(", "));
  return "needs '" + demangled(symbol) + "', which neither drawlab " + kVersion +
         " nor the libraries it was linked with offer; rebuild it against this drawlab";
}

[[noreturn]] void refuse_build(const std::filesystem::path& library, const std::string& build) {
  refuse(library, "built with " + build + ", need " + kCompilerAbi);
}

/// Before the library is opened: the runtime of a sanitizer that this program was not built with would end it.
void refuse_another_sanitizer(const std::filesystem::path& library, std::span<const std::byte> content) {
  const std::string expected = find_expected_sanitizer(library, content);
  if (expected.empty() || expected == DRAWLAB_SANITIZER_TAG) return;
  const std::string own = kCompilerAbi;
  refuse_build(library, own.substr(0, own.rfind('/') + 1) + expected);
}

/// The dynamic linker never unloads it: objects and type infos of the plugin may outlive any handle.
const PluginDescriptor* open_library(const std::filesystem::path& library) {
  // A bare file name would be searched for in the system's folders.
  const std::filesystem::path path = library.has_parent_path() ? library : "." / library;
  const auto mode = static_cast<boost::dll::load_mode::type>(boost::dll::load_mode::rtld_now | RTLD_NODELETE);
  boost::system::error_code error;
  boost::dll::shared_library handle(boost::filesystem::path(path.native()), error, mode);
  if (error) refuse(library, linker_message(path));
  return &handle.get<const PluginDescriptor>(kPluginSymbol);
}

std::string hexadecimal(std::uint64_t value) {
  std::ostringstream text;
  text << "0x" << std::hex << std::setfill('0') << std::setw(16) << value;
  return text.str();
}

void expect_size(const std::filesystem::path& library, const char* what, std::size_t found, std::size_t needed) {
  if (found == needed) return;
  refuse(library, std::string("its ") + what + " has " + std::to_string(found) + " bytes, need " +
                      std::to_string(needed) + "; rebuild it against this drawlab");
}

void check_factories(const std::filesystem::path& library, const PluginDescriptor& descriptor) {
  const char* const incomplete = "its factories are incomplete; describe_read_write and describe_dataset fill them";
  if (descriptor.factories == nullptr) refuse(library, incomplete);
  if (descriptor.kind == static_cast<std::uint32_t>(PluginKind::read_write)) {
    const auto& factories = *static_cast<const ReadWriteFactories*>(descriptor.factories);
    const bool reads = factories.make_read != nullptr;
    const bool writes = factories.make_write != nullptr;
    const bool halves = reads == (factories.read_options != nullptr) && writes == (factories.write_options != nullptr);
    if (!halves || (!reads && !writes)) refuse(library, incomplete);
  } else {
    const auto& factories = *static_cast<const DatasetFactories*>(descriptor.factories);
    if (factories.options == nullptr || factories.files == nullptr || factories.open == nullptr ||
        factories.sources == nullptr) {
      refuse(library, incomplete);
    }
  }
}

std::size_t factories_size(std::uint32_t kind) {
  return kind == static_cast<std::uint32_t>(PluginKind::read_write) ? sizeof(ReadWriteFactories)
                                                                    : sizeof(DatasetFactories);
}

/// Checks the numbers as they are in the file, before the library is opened.
void check_numbers(const std::filesystem::path& library, std::span<const std::byte> content) {
  DescriptorNumbers numbers{};
  std::memcpy(&numbers, content.data(), std::min(content.size(), sizeof numbers));
  if (numbers.magic != kPluginMagic) {
    refuse(library, std::string("its '") + kPluginSymbol + "' is no descriptor: it starts with " +
                        hexadecimal(numbers.magic) + ", need " + hexadecimal(kPluginMagic));
  }
  if (numbers.abi != kPluginAbi) {
    refuse(library,
           "built for plugin ABI " + std::to_string(numbers.abi) + ", need " + std::to_string(kPluginAbi) +
               (numbers.abi > kPluginAbi ? "; it is newer than this drawlab " : "; rebuild it against drawlab ") +
               kVersion);
  }
  expect_size(library, "descriptor", numbers.descriptor_size, sizeof(PluginDescriptor));
  expect_size(library, "descriptor", content.size(), sizeof(PluginDescriptor));
  if (numbers.kind != static_cast<std::uint32_t>(PluginKind::read_write) &&
      numbers.kind != static_cast<std::uint32_t>(PluginKind::dataset)) {
    refuse(library, "its kind is " + std::to_string(numbers.kind) + ", need 1 (read/write) or 2 (dataset)");
  }
  expect_size(library, "table of factories", numbers.factories_size, factories_size(numbers.kind));
}

/// Checks what the pointers of an open library's descriptor refer to.
void check_descriptor(const std::filesystem::path& library, const PluginDescriptor& descriptor) {
  if (descriptor.compiler_abi == nullptr || std::strcmp(descriptor.compiler_abi, kCompilerAbi) != 0) {
    refuse_build(library, descriptor.compiler_abi == nullptr ? "an unnamed compiler" : descriptor.compiler_abi);
  }
  check_factories(library, descriptor);
  for (const char* const text : {descriptor.name, descriptor.version, descriptor.summary, descriptor.reference}) {
    if (text == nullptr) refuse(library, "its name, version, summary or reference is missing");
  }
  const std::string file_name = kPluginFilePrefix + std::string(descriptor.name) + ".so";
  if (library.filename() != file_name) {
    refuse(library, "calls itself '" + std::string(descriptor.name) + "', so its file must be named " + file_name);
  }
}

}  // namespace

std::string plugin_name_of(const std::filesystem::path& library) {
  const std::string file = library.filename().string();
  const std::string prefix = kPluginFilePrefix;
  if (!file.starts_with(prefix) || !file.ends_with(".so") || file.size() <= prefix.size() + 3) return {};
  return file.substr(prefix.size(), file.size() - prefix.size() - 3);
}

PluginLibrary open_plugin_library(const std::filesystem::path& library) {
  const struct stat before = status_of(library);
  const std::string bytes = content_of(library);
  const auto content = std::as_bytes(std::span(bytes));
  const std::optional<ExportedSymbol> symbol = find_exported_symbol(library, content, kPluginSymbol);
  if (!symbol) {
    refuse(library, std::string("no drawlab plugin: it does not export '") + kPluginSymbol + "'; see DRAWLAB_PLUGIN");
  }
  if (!symbol->is_object || symbol->content.size() < kFixedBytes) {
    refuse(library, std::string("its '") + kPluginSymbol + "' is no descriptor: " +
                        (symbol->is_object ? std::to_string(symbol->content.size()) + " bytes, need at least " +
                                                 std::to_string(kFixedBytes)
                                           : "it is a function"));
  }
  check_numbers(library, symbol->content);
  refuse_another_sanitizer(library, content);
  const PluginDescriptor* const descriptor = open_library(library);
  if (!is_same_file(before, status_of(library))) refuse(library, "the file changed while it was opened; try again");
  check_descriptor(library, *descriptor);
  return {descriptor, sha256_of(content)};
}

std::string write_permission_warning(const std::filesystem::path& path) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(path.c_str(), &status) != 0) return {};
  const bool group = (status.st_mode & S_IWGRP) != 0;
  const bool others = (status.st_mode & S_IWOTH) != 0;
  if (!group && !others) return {};
  return path.string() + ": " + (others ? "everyone" : "its group") + " may write here, and root runs " +
         (S_ISDIR(status.st_mode) ? "the plugins in it" : "this plugin") + "; chmod go-w mends it";
}

}  // namespace drawlab
