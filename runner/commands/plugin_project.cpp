#include "runner/commands/plugin_project.hpp"

#include "drawlab/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace drawlab::runner {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

void check_name(const std::string& name) {
  constexpr std::size_t kLongest = 64;
  const bool fits =
      !name.empty() && name.size() <= kLongest && is_lower(name.front()) &&
      std::all_of(name.begin(), name.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
  // These words have a meaning in experiment files.
  constexpr std::array<std::string_view, 4> kTaken = {"null", "true", "false", "first_available"};
  if (std::find(kTaken.begin(), kTaken.end(), name) != kTaken.end()) {
    throw ConfigError(
        fmt::format("'{}' is no plugin's name: in an experiment file it means something else; choose another", name));
  }
  if (fits) return;
  throw ConfigError(
      fmt::format("'{}' is no plugin's name: it takes lower-case letters, digits and underscores, a letter "
                  "first, {} at most",
                  name, kLongest));
}

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

}  // namespace

std::vector<ProjectFile> plugin_project(const std::string& kind, const std::string& name) {
  check_name(name);
  std::vector<ProjectFile> files;
  for (const EmbeddedFile& file : embedded_templates()) {
    std::string path = file.path;
    if (!path.starts_with(kind + "/")) continue;
    path = replaced(path.substr(kind.size() + 1), "NAME", name);
    if (path.ends_with(".in")) path.resize(path.size() - 3);
    files.push_back({path, replaced(file.text, "@name@", name)});
  }
  return files;
}

}  // namespace drawlab::runner
