#pragma once

#include "drawlab/plugin.hpp"

#include <filesystem>
#include <string>

namespace drawlab {

/// The prefix of every plugin library's file name; `.so` follows the plugin's name.
inline constexpr const char* kPluginFilePrefix = "libdrawlab_";

/// The plugin's name in a file name `libdrawlab_<name>.so`; empty for any other file name.
std::string plugin_name_of(const std::filesystem::path& library);

/// A library that passed the handshake. It stays open until the process ends.
struct PluginLibrary {
  const PluginDescriptor* descriptor = nullptr;
  std::string sha256;  // of the file
};

/// The handshake. Opening a library runs its code, so the file's bytes are checked first: exported symbol, magic, ABI,
/// sizes, kind, sanitizer. Then it is opened, and compiler ABI, factories, texts and name are checked. If the file
/// changed meanwhile it is rejected too, so that the hash is that of the code that runs. Throws PluginError: one
/// sentence with the path, the value found and the value needed.
PluginLibrary open_plugin_library(const std::filesystem::path& library);

/// A warning if root runs this library, or one of this folder, although others may write to it. Empty otherwise.
std::string write_permission_warning(const std::filesystem::path& path);

}  // namespace drawlab
