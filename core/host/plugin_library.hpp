#pragma once

#include "drawlab/plugin.hpp"

#include <filesystem>
#include <string>

namespace drawlab {

/// The prefix of every plugin library's file name; `.so` follows the plugin's name.
inline constexpr const char* kPluginFilePrefix = "libdrawlab_";

/// The plugin's name in a file name `libdrawlab_<name>.so`; empty where the file is not named so.
std::string plugin_name_of(const std::filesystem::path& library);

/// A library that passed the handshake and stays open until the process ends.
struct PluginLibrary {
  const PluginDescriptor* descriptor = nullptr;
  std::string sha256;  // of the file
};

/// The handshake. The exported symbol and those of sanitizers are looked for before the library is opened, because
/// opening it runs its code; then magic, ABI, sizes, compiler ABI, kind, factories and name are checked in this order,
/// so that nothing is read before what vouches for it. Throws PluginError: one sentence with the path, what was found
/// and what is needed.
PluginLibrary open_plugin_library(const std::filesystem::path& library);

/// Why root should not have run this library, if there is a reason: a library or folder that others may write to.
/// Empty for other users.
std::string write_permission_warning(const std::filesystem::path& path);

}  // namespace drawlab
