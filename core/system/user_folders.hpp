#pragma once

#include <filesystem>
#include <string>

namespace drawlab {

/// The value of an environment variable; empty if it is not set.
std::string environment(const char* variable);

/// The user's home: $HOME, else the entry in the system's user database; empty if there is none.
std::filesystem::path home_folder();

/// `path` with a leading `~/` replaced by the home folder.
std::filesystem::path expand_home(const std::string& path);

/// drawlab's folder for the user's data ($XDG_DATA_HOME/drawlab, ~/.local/share/drawlab by default).
std::filesystem::path user_data_folder();

/// drawlab's folder in the user's cache ($XDG_CACHE_HOME/drawlab, ~/.cache/drawlab by default).
std::filesystem::path user_cache_folder();

}  // namespace drawlab
