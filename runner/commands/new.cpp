#include "drawlab/error.hpp"

#include "runner/commands/commands.hpp"
#include "runner/commands/plugin_project.hpp"
#include "runner/commands/shared_options.hpp"
#include "system/write_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <system_error>

namespace drawlab::runner {
namespace {

/// `kind` is a folder of runner/templates/.
struct New : CommandLine {
  const std::string kind;
  const std::string& name = argument(text("NAME"), "the name of the new plugin");
  const Path& folder = argument(runner::folder(), "folder to make; NAME if not given", Need::optional);
  PluginPathOption plugins{*this};

  explicit New(std::string of_kind) : kind(std::move(of_kind)) {}

  int run() const override {
    const std::vector<ProjectFile> files = plugin_project(kind, name);
    // A second plugin of the same name would hide the first one, or be hidden by it.
    const PluginHost host = plugins.open();
    if (std::ranges::find(host.names(), name) != host.names().end()) {
      throw ConfigError(
          fmt::format("there is a plugin '{}' already ({}); choose another name", name, host.path_of(name).string()));
    }
    const std::filesystem::path target = folder.empty() ? std::filesystem::path(name) : folder;
    std::error_code error;
    if (std::filesystem::exists(target, error) && !std::filesystem::is_empty(target, error)) {
      throw ConfigError(fmt::format("{}: exists and is not empty; name another folder", target.string()));
    }
    make_folder(target);
    for (const ProjectFile& file : files) {
      write_file(target / file.path, file.text);
      std::cout << (target / file.path).string() << '\n';
    }
    std::cerr << fmt::format("next: cd {} && cmake -B build && cmake --build build && ctest --test-dir build\n",
                             target.string());
    return 0;
  }
};

struct NewReadWrite : New {
  NewReadWrite() : New("read_write") {}
};
struct NewDataset : New {
  NewDataset() : New("dataset") {}
};

}  // namespace

Command new_command() {
  const std::string what =
      "Writes a small project for a plugin of your own into the folder NAME or DIR: a source that works as it is, its "
      "build, tests and an experiment.";
  return {"new",
          "starts a plugin of your own",
          what,
          {command<NewReadWrite>("read_write", "starts a read/write mode", what),
           command<NewDataset>("dataset", "starts a dataset", what)}};
}

}  // namespace drawlab::runner
