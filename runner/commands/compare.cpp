#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "results/store.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <set>
#include <span>

namespace drawlab::runner {
namespace {

using results::RunRow;

/// Runs that differ in nothing but their seed.
struct Group {
  std::string label;
  std::string key;
  std::vector<RunRow> runs;
};

std::string key_of(const RunRow& run) {
  ConfigNode config = from_json(run.config);
  config.erase("seed");
  return to_json(config);
}

/// Of several runs with one identity the latest speaks; the others have the same numbers.
std::vector<Group> group_runs(const std::vector<RunRow>& runs) {
  std::map<std::string, results::RunId> latest;
  for (const RunRow& run : runs) latest[run.identity] = std::max(latest[run.identity], run.id);
  std::vector<Group> groups;
  for (const RunRow& run : runs) {
    if (latest[run.identity] != run.id) continue;
    const std::string key = key_of(run);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& other) { return other.key == key; });
    if (group == groups.end()) group = groups.insert(groups.end(), {run.label, key, {}});
    group->runs.push_back(run);
  }
  // A file that was edited may have used a label before for something else.
  std::map<std::string, int> seen;
  for (Group& group : groups) {
    if (const int count = ++seen[group.label]; count > 1) group.label += fmt::format(" ({})", count);
  }
  return groups;
}

struct Summary {
  results::Cell mean;
  results::Cell deviation;
};

/// Mean and sample standard deviation of what the runs have of a number.
Summary summarise(std::span<const RunRow> runs, std::optional<double> RunRow::*member) {
  std::vector<double> values;
  for (const RunRow& run : runs) {
    if (run.status == results::Status::done && (run.*member)) values.push_back(*(run.*member));
  }
  Summary summary;
  if (values.empty()) return summary;
  double sum = 0;
  for (double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  summary.mean = mean;
  if (values.size() < 2) return summary;
  double squares = 0;
  for (double value : values) squares += (value - mean) * (value - mean);
  summary.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
  return summary;
}

[[noreturn]] void throw_unknown(const results::Store& store, const std::string& experiment) {
  std::set<std::string> names;
  for (const RunRow& run : store.runs()) names.insert(run.experiment);
  throw ConfigError(fmt::format("no runs of experiment '{}' in {}{}", experiment, store.path().string(),
                                names.empty() ? "" : suggestion(experiment, {names.begin(), names.end()})));
}

}  // namespace

int compare_command(const std::vector<std::string>& words) {
  Arguments arguments("compare EXPERIMENT [options]",
                      "An experiment's cells side by side: means over seeds of the runs that are done, and standard "
                      "deviations (sd)\nwhere there are several. Likelihoods are in nats per image.");
  add_database_option(arguments);
  add_format_option(arguments);
  arguments.positional("EXPERIMENT");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const std::string experiment =
      required_word(*values, "EXPERIMENT", "the name of an experiment; `drawlab runs` lists them");
  const results::Format format = results::format_of((*values)["format"].as<std::string>());
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  const auto runs = store.runs(experiment);
  if (runs.empty()) throw_unknown(store, experiment);
  results::Table table{{"cell", "done", "runs", "test_nll", "sd", "test_reconstruction", "test_kl", "kl_sd",
                        "validation_nll", "seconds"},
                       {}};
  for (const Group& group : group_runs(runs)) {
    const Summary nll = summarise(group.runs, &RunRow::test_nll);
    const Summary reconstruction = summarise(group.runs, &RunRow::test_reconstruction);
    const Summary kl = summarise(group.runs, &RunRow::test_kl);
    const Summary validation = summarise(group.runs, &RunRow::best_nll);
    const auto done = std::count_if(group.runs.begin(), group.runs.end(),
                                    [](const RunRow& run) { return run.status == results::Status::done; });
    double seconds = 0;
    for (const RunRow& run : group.runs) seconds += run.seconds / static_cast<double>(group.runs.size());
    table.rows.push_back({group.label, static_cast<std::int64_t>(done), static_cast<std::int64_t>(group.runs.size()),
                          nll.mean, nll.deviation, reconstruction.mean, kl.mean, kl.deviation, validation.mean,
                          seconds});
  }
  std::cout << results::format_table(table, format);
  return 0;
}

}  // namespace drawlab::runner
