#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/comparison.hpp"
#include "results/format.hpp"
#include "results/pivot.hpp"
#include "results/store.hpp"
#include "runner/commands/columns.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/shared_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace drawlab::runner {
namespace {

using results::RunRow;

/// The most important numbers, a row per cell of the grid.
results::Table overview(const results::Store& store, const std::vector<RunRow>& runs) {
  using results::RunGroup;
  const auto any = [&](Task task) { return std::ranges::find(runs, task, &RunRow::task) != runs.end(); };
  const auto mean = [](const results::RunNumbers& numbers) {
    return [numbers](const RunGroup& group) { return results::spread_of(group, numbers).mean; };
  };
  const auto deviation = [](const results::RunNumbers& numbers) {
    return [numbers](const RunGroup& group) { return results::spread_of(group, numbers).deviation; };
  };
  const auto of_test = [&](Quantity quantity) {
    return results::metric_of(store, runs, MetricName{Split::test, quantity});
  };
  const auto per_dimension = of_test(Quantity::nll_per_dimension);
  const auto done = [](const RunGroup& group) {
    return std::ranges::count(group.runs, results::Status::done, &RunRow::status);
  };
  const auto seconds = [](const RunGroup& group) {
    double sum = 0;
    for (const RunRow& run : group.runs) sum += run.seconds / static_cast<double>(group.runs.size());
    return sum;
  };
  std::vector<Column<RunGroup>> columns = {{"cell", &RunGroup::label},
                                           {"done", done},
                                           {"runs", [](const RunGroup& group) { return group.runs.size(); }},
                                           {"test_nll", mean(of_test(Quantity::nll))},
                                           {"sd", deviation(of_test(Quantity::nll))}};
  if (any(Task::generate)) {
    columns.emplace_back("test_reconstruction", mean(of_test(Quantity::reconstruction)));
    columns.emplace_back("test_kl", mean(of_test(Quantity::kl)));
    columns.emplace_back("kl_sd", deviation(of_test(Quantity::kl)));
  }
  if (!per_dimension.empty()) columns.emplace_back("nll_per_dimension", mean(per_dimension));
  if (any(Task::classify)) {
    columns.emplace_back("test_error", mean(of_test(Quantity::error)));
    columns.emplace_back("error_sd", deviation(of_test(Quantity::error)));
  }
  columns.emplace_back("validation_nll",
                       mean(results::metric_of(store, runs, MetricName{Split::validation, Quantity::nll})));
  columns.emplace_back("seconds", seconds);
  return table_of(results::group_by_cell(runs), columns);
}

/// The metric's name; for importance-weighted bounds also what they were measured on.
std::string heading_of(const results::Store& store, const std::vector<RunRow>& runs, const std::string& metric) {
  if (metric != "importance_nll") return metric;
  const results::ImportanceBounds bounds = results::importance_bounds(store, runs);
  if (bounds.samples == 0) return metric;
  return fmt::format("{} (K={}, {} images)", metric, bounds.importance_samples, bounds.samples);
}

struct Compare : CommandLine {
  const std::string& experiment = experiment_argument(*this, Need::required);
  DatabaseOption database{*this};
  FormatOption format{*this};
  const std::vector<std::string>& by =
      option("by", list(text("NAME")),
             "make a pivot table by settings: read, write, dataset, seed, training.learning_rate, …; the last of "
             "several gives the columns");
  const std::string& metric =
      option("metric", text("NAME"),
             "metric of the pivot table: test_nll (if not given), test_kl, test_error, validation_nll, "
             "importance_nll, seconds, or SPLIT_NAME for any recorded metric");

  int run() const override {
    const results::Store store = database.open_to_read();
    const auto runs = store.runs(experiment);
    if (runs.empty()) require_experiment(store, experiment);
    if (by.empty() && metric.empty()) {
      format.print(overview(store, runs));
    } else {
      print_pivot(store, runs);
    }
    return 0;
  }

 private:
  void print_pivot(const results::Store& store, const std::vector<RunRow>& runs) const;
};

void Compare::print_pivot(const results::Store& store, const std::vector<RunRow>& runs) const {
  using results::Format;
  const auto settings = by.empty() ? std::vector<std::string>{"cell"} : by;
  if (std::ranges::find(settings, "") != settings.end()) throw ConfigError("--by: a name is empty");
  const std::string name = metric.empty() ? "test_nll" : metric;
  const bool for_people =
      format.format == Format::table || format.format == Format::markdown || format.format == Format::latex;
  const results::RunNumbers numbers = results::metric_of(store, runs, name);
  const std::string heading = heading_of(store, runs, name);
  const results::Table table = results::pivot(runs, settings, numbers, heading, for_people);
  // With settings as columns no column heading has room for it.
  if (for_people && settings.size() > 1 && heading != name) std::cerr << heading << '\n';
  if (const auto mixed = results::mixed_settings(runs, settings, numbers); !mixed.empty()) {
    std::cerr << results::terminal_text(
                     fmt::format("means and deviations are over runs that also differ in {}; --by can tell them apart",
                                 fmt::join(mixed, ", ")))
              << '\n';
  }
  format.print(table);
}

}  // namespace

Command compare_command() {
  return command<Compare>(
      "compare", "compares an experiment's cells side by side",
      "Compares an experiment's cells side by side: means over the seeds of finished runs, and standard deviations "
      "(sd) over seeds, if there are several. Likelihoods are in nats per image, errors are shares of wrong labels.");
}

}  // namespace drawlab::runner
