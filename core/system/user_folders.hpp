#pragma once

#include <filesystem>
#include <string>

namespace drawlab {

/// The value of an environment variable; empty where it is not set.
std::string environment(const char* variable);

/// The user's home: $HOME, else what the system's user database says; empty where neither knows.
std::filesystem::path home_folder();

/// `path` with a leading `~/` replaced by the home folder.
std::filesystem::path expand_home(const std::string& path);

/// drawlab's folder among the user's data ($XDG_DATA_HOME/drawlab, ~/.local/share/drawlab by default).
std::filesystem::path user_data_folder();

/// drawlab's folder among the user's caches ($XDG_CACHE_HOME/drawlab, ~/.cache/drawlab by default).
std::filesystem::path user_cache_folder();

}  // namespace drawlab
