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

}  // namespace drawlab
