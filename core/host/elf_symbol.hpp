#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace drawlab {

/// A symbol that a library exports.
struct ExportedSymbol {
  bool is_object = false;  // data, not a function
  std::uint64_t size = 0;  // bytes
  /// Its bytes in the file, before relocation: pointers are not set yet. Empty for a function and for zeros that the
  /// file does not store.
  std::span<const std::byte> content;
};

/// Looks a name up in a library's dynamic symbol table, reading its bytes only, so that none of its code runs. Stripped
/// libraries keep that table. Throws PluginError, naming `library`, if the bytes are no whole shared library for this
/// machine. The symbol's content refers to `bytes`.
std::optional<ExportedSymbol> find_exported_symbol(const std::filesystem::path& library,
                                                   std::span<const std::byte> bytes, const std::string& name);

/// The sanitizer whose runtime a library expects in the program that opens it, in the words of the compiler ABI:
/// "asan" or "tsan"; empty for none. The runtime ends a program without it as soon as such a library is opened, so the
/// bytes have to tell. Throws like find_exported_symbol.
std::string find_expected_sanitizer(const std::filesystem::path& library, std::span<const std::byte> bytes);

}  // namespace drawlab
