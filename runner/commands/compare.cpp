#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/comparison.hpp"
#include "results/format.hpp"
#include "results/pivot.hpp"
#include "results/store.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

using results::RunRow;

results::Cell cell_of(const std::optional<double>& number) {
  return number ? results::Cell(*number) : results::Cell(std::monostate());
}

/// The numbers that matter most, a row a cell of the grid.
results::Table overview(const results::Store& store, const std::vector<RunRow>& runs) {
  const auto of_test = [&](Quantity quantity) {
    return results::metric_of(store, runs, MetricName{Split::test, quantity});
  };
  const auto nll = of_test(Quantity::nll);
  const auto reconstruction = of_test(Quantity::reconstruction);
  const auto kl = of_test(Quantity::kl);
  const auto validation = results::metric_of(store, runs, MetricName{Split::validation, Quantity::nll});
  const auto error = of_test(Quantity::error);
  const auto per_dimension = of_test(Quantity::nll_per_dimension);
  const auto any = [&](Task task) {
    return std::any_of(runs.begin(), runs.end(), [&](const RunRow& run) { return run.task == task; });
  };
  const bool draws = any(Task::generate);
  const bool classifies = any(Task::classify);
  results::Table table{{"cell", "done", "runs", "test_nll", "sd"}, {}};
  if (draws) table.columns.insert(table.columns.end(), {"test_reconstruction", "test_kl", "kl_sd"});
  if (!per_dimension.empty()) table.columns.emplace_back("nll_per_dimension");
  if (classifies) table.columns.insert(table.columns.end(), {"test_error", "error_sd"});
  table.columns.insert(table.columns.end(), {"validation_nll", "seconds"});
  for (const results::RunGroup& group : results::group_by_cell(runs)) {
    const results::Spread nll_spread = results::spread_of(group, nll);
    const results::Spread kl_spread = results::spread_of(group, kl);
    const results::Spread error_spread = results::spread_of(group, error);
    const auto done = std::count_if(group.runs.begin(), group.runs.end(),
                                    [](const RunRow& run) { return run.status == results::Status::done; });
    double seconds = 0;
    for (const RunRow& run : group.runs) seconds += run.seconds / static_cast<double>(group.runs.size());
    std::vector<results::Cell> row = {group.label, static_cast<std::int64_t>(done),
                                      static_cast<std::int64_t>(group.runs.size()), cell_of(nll_spread.mean),
                                      cell_of(nll_spread.deviation)};
    if (draws) {
      row.insert(row.end(), {cell_of(results::spread_of(group, reconstruction).mean), cell_of(kl_spread.mean),
                             cell_of(kl_spread.deviation)});
    }
    if (!per_dimension.empty()) row.push_back(cell_of(results::spread_of(group, per_dimension).mean));
    if (classifies) row.insert(row.end(), {cell_of(error_spread.mean), cell_of(error_spread.deviation)});
    row.insert(row.end(), {cell_of(results::spread_of(group, validation).mean), results::Cell(seconds)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// The metric's name; of importance-weighted bounds with what they were measured on.
std::string heading_of(const results::Store& store, const std::vector<RunRow>& runs, const std::string& metric) {
  if (metric != "importance_nll") return metric;
  const results::ImportanceBounds bounds = results::importance_bounds(store, runs);
  if (bounds.samples == 0) return metric;
  return fmt::format("{} (K={}, {} images)", metric, bounds.importance_samples, bounds.samples);
}

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    names.push_back(list.substr(start, end - start));
    if (names.back().empty()) throw ConfigError(fmt::format("--by: there is an empty name in '{}'", list));
    start = end + 1;
  }
  return names;
}

}  // namespace

int compare_command(const std::vector<std::string>& words) {
  Arguments arguments("compare EXPERIMENT [options]",
                      "An experiment's cells side by side: means over seeds of the runs that are done, and standard "
                      "deviations (sd)\nwhere there are several. Likelihoods are in nats per image, errors are shares "
                      "of wrong labels.");
  add_database_option(arguments);
  add_format_option(arguments);
  arguments.positional("EXPERIMENT");
  arguments.add()("by", po::value<std::string>()->value_name("NAME,…"),
                  "a pivot table by settings: read, write, dataset, seed, training.learning_rate, …; the last of "
                  "several makes the columns");
  arguments.add()("metric", po::value<std::string>()->value_name("NAME"),
                  "what the pivot table shows: test_nll (the default), test_kl, test_error, validation_nll, "
                  "importance_nll, seconds, or SPLIT_NAME for any recorded metric");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const std::string experiment =
      required_word(*values, "EXPERIMENT", "the name of an experiment; `drawlab runs` lists them");
  const results::Format format = results::format_of((*values)["format"].as<std::string>());
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  const auto runs = store.runs(experiment);
  if (runs.empty()) require_experiment(store, experiment);
  if (values->count("by") == 0 && values->count("metric") == 0) {
    std::cout << results::format_table(overview(store, runs), format);
    return 0;
  }
  const std::string metric = values->count("metric") > 0 ? (*values)["metric"].as<std::string>() : "test_nll";
  const auto by = names_in(values->count("by") > 0 ? (*values)["by"].as<std::string>() : "cell");
  const bool for_people =
      format == results::Format::table || format == results::Format::markdown || format == results::Format::latex;
  const results::RunNumbers numbers = results::metric_of(store, runs, metric);
  const std::string heading = heading_of(store, runs, metric);
  const results::Table table = results::pivot(runs, by, numbers, heading, for_people);
  // With settings as columns no heading has room for it.
  if (for_people && by.size() > 1 && heading != metric) std::cerr << heading << '\n';
  if (const auto mixed = results::mixed_settings(runs, by, numbers); !mixed.empty()) {
    std::cerr << results::terminal_text(
                     fmt::format("means and deviations are over runs that also differ in {}; --by can tell them apart",
                                 fmt::join(mixed, ", ")))
              << '\n';
  }
  std::cout << results::format_table(table, format);
  return 0;
}

}  // namespace drawlab::runner
