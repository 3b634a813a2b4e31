#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "host/plugin_host.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/plugin_project.hpp"
#include "runner/exit_code.hpp"
#include "system/write_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <system_error>

namespace drawlab::runner {
namespace {

/// A second plugin of a name would hide the first one, or be hidden by it.
void refuse_known_name(const std::string& name, const std::vector<std::filesystem::path>& folders) {
  const PluginHost plugins(folders);
  if (std::find(plugins.names().begin(), plugins.names().end(), name) == plugins.names().end()) return;
  throw ConfigError(
      fmt::format("there is a plugin '{}' already ({}); choose another name", name, plugins.path_of(name).string()));
}

void require_empty(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error)) {
    throw ConfigError(fmt::format("{}: it is there already and not empty; name another folder", folder.string()));
  }
}

}  // namespace

int new_command(const std::vector<std::string>& words) {
  Arguments arguments("new read_write|dataset NAME [DIR] [options]",
                      "Writes a small project for a plugin of your own: a source that works as it stands, how to build "
                      "it, tests and an experiment, into the folder NAME or DIR.");
  add_plugin_path_option(arguments);
  arguments.positional("KIND");
  arguments.positional("NAME");
  arguments.positional("DIR");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return kDone;
  const std::string kind = required_word(*values, "KIND", "read_write or dataset");
  require_word("new", kind, {"read_write", "dataset"});
  const std::string name = required_word(*values, "NAME", "the name of the new plugin");
  const auto given = words_of(*values, "DIR");
  const std::filesystem::path folder = given.empty() ? name : given.front();

  const std::vector<ProjectFile> files = plugin_project(kind, name);
  refuse_known_name(name, PluginHost::standard_folders(plugin_folders(*values)));
  require_empty(folder);
  make_folder(folder);
  for (const ProjectFile& file : files) {
    write_file(folder / file.path, file.text);
    std::cout << (folder / file.path).string() << '\n';
  }
  std::cerr << fmt::format("next: cd {} && cmake -B build && cmake --build build && ctest --test-dir build\n",
                           folder.string());
  return kDone;
}

}  // namespace drawlab::runner
