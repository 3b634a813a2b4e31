#include "runner/commands/shared_options.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "system/machine.hpp"

#include <fmt/format.h>

#include <iostream>
#include <set>

namespace drawlab::runner {

results::Store DatabaseOption::open_to_write() const {
  // Opened for writing, a missing database would be made.
  return std::filesystem::exists(path) ? results::Store(path) : open_to_read();
}

std::vector<std::filesystem::path> PluginPathOption::absolute_folders() const {
  std::vector<std::filesystem::path> folders;
  for (const Path& folder : given) folders.push_back(std::filesystem::absolute(folder));
  return folders;
}

void FormatOption::print(const results::Table& table) const { std::cout << results::format_table(table, format); }

int ThreadsOption::count() const { return given.value_or(usable_cores()); }

SeedOption::SeedOption(CommandLine& line)
    : given(line.optional("seed", any_integer(), "seed of the samples; the run's own if not given")) {}

results::RunRow require_run(const results::Store& store, results::RunId id) {
  if (auto row = store.run(id)) return *row;
  throw ConfigError(fmt::format("no run {} in {}; `drawlab runs` lists them", id, store.path().string()));
}

void require_experiment(const results::Store& store, const std::string& experiment) {
  std::set<std::string> names;
  for (const results::RunRow& run : store.runs()) names.insert(run.experiment);
  if (names.contains(experiment)) return;
  throw ConfigError(
      results::terminal_text(fmt::format("no runs of experiment '{}' in {}{}", experiment, store.path().string(),
                                         names.empty() ? "" : suggestion(experiment, {names.begin(), names.end()}))));
}

}  // namespace drawlab::runner
