#include "system/user_folders.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace drawlab {

namespace {

/// Relative values are ignored, as the XDG Base Directory Specification says.
std::filesystem::path xdg_folder(const char* variable, const char* standard) {
  const std::filesystem::path chosen = environment(variable);
  return (chosen.is_absolute() ? chosen : home_folder() / standard) / "drawlab";
}

}  // namespace

std::string environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? std::string() : std::string(value);
}

std::filesystem::path home_folder() {
  if (std::string home = environment("HOME"); !home.empty()) return home;
  passwd entry{};
  passwd* found = nullptr;
  char buffer[4096];
  if (getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found) == 0 && found != nullptr) return found->pw_dir;
  return {};
}

std::filesystem::path expand_home(const std::string& path) {
  if (path == "~") return home_folder();
  if (path.starts_with("~/")) return home_folder() / path.substr(2);
  return path;
}

std::filesystem::path user_data_folder() { return xdg_folder("XDG_DATA_HOME", ".local/share"); }

std::filesystem::path user_cache_folder() { return xdg_folder("XDG_CACHE_HOME", ".cache"); }

}  // namespace drawlab
