#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace drawlab {

/// A symbol that a library offers to whoever opens it.
struct ExportedSymbol {
  bool is_object = false;  // data, not a function
  std::uint64_t size = 0;  // bytes
};

/// Looks a name up in a library's dynamic symbol table, from its bytes alone: nothing of it runs. Stripped libraries
/// keep that table. Throws PluginError, naming `library`, where the bytes are no whole shared library for this machine.
std::optional<ExportedSymbol> find_exported_symbol(const std::filesystem::path& library,
                                                   std::span<const std::byte> bytes, const std::string& name);

/// The sanitizer whose runtime a library expects in the program that opens it, as the compiler ABI's word for it:
/// "asan" or "tsan"; empty for none. The runtime itself ends a program that has none when such a library is opened, so
/// that only its bytes can tell. Throws as find_exported_symbol does.
std::string find_expected_sanitizer(const std::filesystem::path& library, std::span<const std::byte> bytes);

}  // namespace drawlab
