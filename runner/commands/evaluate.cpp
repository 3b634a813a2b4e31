#include "drawlab/error.hpp"
#include "drawlab/version.hpp"

#include "results/format.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/recorded_run.hpp"
#include "runner/data/meter.hpp"
#include "system/machine.hpp"
#include "system/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <optional>
#include <span>
#include <vector>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

using results::EvaluationRow;

constexpr std::int64_t kMostImportanceSamples = 5000;
constexpr std::int64_t kMostPasses = 10'000;

/// What is to be measured.
struct Order {
  Split split = Split::test;
  std::int64_t limit = 0;
  std::int64_t passes = 1;
  std::int64_t importance_samples = 0;  // 0: the plain bound alone
};

/// The samples that the run itself used of a split; 0: all.
std::int64_t limit_of(const TrainingOptions& training, Split split) {
  switch (split) {
    case Split::train:
      return training.limit_train;
    case Split::validation:
      return training.limit_validation;
    case Split::test:
      break;
  }
  return training.limit_test;
}

double mean_of(std::span<const double> numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number;
  return sum / static_cast<double>(numbers.size());
}

/// Of the mean; nothing where there is one number only.
std::optional<double> standard_error_of(std::span<const double> numbers) {
  if (numbers.size() < 2) return std::nullopt;
  const double mean = mean_of(numbers);
  double squares = 0;
  for (const double number : numbers) squares += (number - mean) * (number - mean);
  const auto n = static_cast<double>(numbers.size());
  return std::sqrt(squares / (n - 1) / n);
}

EvaluationRow row_for(const RecordedRun& run, const Order& order, results::BoundKind kind) {
  EvaluationRow row;
  row.split = order.split;
  row.kind = kind;
  row.passes = order.passes;
  row.checkpoint_sha256 = run.row.checkpoint_sha256;
  row.version = kVersion;
  return row;
}

EvaluationRow plain_bound(const RecordedRun& run, const TrainedModel& model, const Dataset& dataset,
                          const Order& order) {
  Meter meter("plain bound", std::cerr, animated_terminal());
  std::vector<double> nll;
  double reconstruction = 0;
  double kl = 0;
  double error = 0;
  EvaluationRow row = row_for(run, order, results::BoundKind::plain);
  for (std::int64_t pass = 0; pass < order.passes; ++pass) {
    const Evaluation found = model.evaluate(dataset, order.split, order.limit, static_cast<std::uint64_t>(pass));
    row.samples = found.samples;
    nll.push_back(found.nll);
    reconstruction += found.reconstruction / static_cast<double>(order.passes);
    kl += found.kl / static_cast<double>(order.passes);
    error += found.error / static_cast<double>(order.passes);
    meter.at(static_cast<double>(pass + 1) / static_cast<double>(order.passes));
  }
  row.nll = mean_of(nll);
  row.standard_error = standard_error_of(nll);
  if (run.cell.task == Task::classify) {
    row.error = error;
  } else {
    row.reconstruction = reconstruction;
    row.kl = kl;
  }
  return row;
}

EvaluationRow importance_weighted_bound(const RecordedRun& run, const TrainedModel& model, const Dataset& dataset,
                                        const Order& order) {
  Meter meter(fmt::format("bound of {} importance samples", order.importance_samples), std::cerr, animated_terminal());
  std::vector<double> nll;
  double effective = 0;
  double from_draws = 0;
  EvaluationRow row = row_for(run, order, results::BoundKind::importance);
  row.importance_samples = order.importance_samples;
  for (std::int64_t pass = 0; pass < order.passes; ++pass) {
    const auto first = static_cast<std::uint64_t>(pass * order.importance_samples);
    const ImportanceBound found = model.importance_bound(
        dataset, order.split, order.limit, order.importance_samples, first,
        [&](double share) { meter.at((static_cast<double>(pass) + share) / static_cast<double>(order.passes)); });
    row.samples = found.samples;
    nll.push_back(found.nll);
    effective += found.effective_draws / static_cast<double>(order.passes);
    from_draws = found.standard_error;
  }
  row.nll = mean_of(nll);
  row.standard_error = standard_error_of(nll);
  if (!row.standard_error && std::isfinite(from_draws)) row.standard_error = from_draws;
  row.effective_samples = effective;
  return row;
}

results::Cell cell_of(const std::optional<double>& number) {
  return number ? results::Cell(*number) : results::Cell(std::monostate());
}

results::Table table_of(results::RunId id, Task task, const ImageShape& image, const std::vector<EvaluationRow>& rows) {
  const bool classifies = task == Task::classify;
  const bool weighted = rows.size() > 1;
  results::Table table{{"run", "split", "samples", "bound", "passes", "nll", "standard_error"}, {}};
  if (weighted) table.columns.insert(table.columns.end(), {"importance_samples", "effective_samples"});
  if (classifies) table.columns.emplace_back("error");
  if (!classifies) table.columns.insert(table.columns.end(), {"reconstruction", "kl"});
  const bool in_color = !classifies && image.channels > 1;
  if (in_color) table.columns.emplace_back("nll_per_dimension");
  for (const EvaluationRow& row : rows) {
    auto& cells = table.rows.emplace_back(std::vector<results::Cell>{
        id, std::string(split_name(row.split)), row.samples, std::string(results::bound_name(row.kind)), row.passes,
        row.nll, cell_of(row.standard_error)});
    if (weighted) {
      cells.emplace_back(row.importance_samples);
      cells.push_back(cell_of(row.effective_samples));
    }
    if (classifies) cells.push_back(cell_of(row.error));
    if (!classifies) {
      cells.push_back(cell_of(row.reconstruction));
      cells.push_back(cell_of(row.kl));
    }
    if (in_color) cells.emplace_back(row.nll / static_cast<double>(image.count()));
  }
  return table;
}

}  // namespace

int evaluate_command(const std::vector<std::string>& words) {
  Arguments arguments(
      "evaluate RUN [options]",
      "The bound of a run's checkpoint on a split, with the weights that were best on validation, in nats per image. "
      "One\npass over the test split equals what the run has recorded. With importance samples a tighter bound is "
      "measured too;\nonly the plain one is what published plain bounds may be compared with. What is found is "
      "recorded "
      "beside the run. Of a classifier: the cross-entropy, and the share of wrong labels.");
  add_database_option(arguments);
  add_plugin_path_option(arguments);
  add_format_option(arguments);
  arguments.positional("RUN");
  arguments.add()("split", po::value<std::string>()->value_name("NAME")->default_value("test"),
                  "train, validation or test");
  arguments.add()("passes", po::value<std::int64_t>()->value_name("P"),
                  "average so many passes, each with noise of its own, and tell the standard error");
  arguments.add()("importance-samples", po::value<std::int64_t>()->value_name("K"),
                  "also the importance-weighted bound of K latents for every image, 1 to 5000");
  arguments.add()("limit", po::value<std::int64_t>()->value_name("N"),
                  "the split's first N samples, 0 for all; by default as many as the run used");
  arguments.add()("threads", po::value<int>()->value_name("N"), "all cores by default");
  arguments.add()("no-record", "do not record what is found");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const results::RunId id = run_number(required_word(*values, "RUN", "a run's number; `drawlab runs` lists them"));
  Order order;
  order.split = split_of((*values)["split"].as<std::string>());
  order.passes = whole_number(*values, "passes", 1, kMostPasses, 1);
  order.importance_samples = whole_number(*values, "importance-samples", 1, kMostImportanceSamples, 0);
  const results::Format format = results::format_of((*values)["format"].as<std::string>());
  const int threads = values->count("threads") > 0 ? std::max(1, (*values)["threads"].as<int>()) : usable_cores();
  const bool records = values->count("no-record") == 0;
  if (records) require_database(database_path(*values));
  // Opened for writing first, so that a database that cannot be written is known before the work is done.
  results::Store store(database_path(*values),
                       records ? results::Store::Mode::read_write : results::Store::Mode::read_only);
  PluginHost plugins(PluginHost::standard_folders(plugin_folders(*values)));
  const RecordedRun run = recorded_run(store, id, plugins);
  order.limit = whole_number(*values, "limit", 0, std::int64_t{1} << 40, limit_of(run.cell.training, order.split));
  if (order.importance_samples > 0 && run.cell.task == Task::classify) {
    throw ConfigError(fmt::format("--importance-samples: run {} classifies; it has no latents to draw", id));
  }
  const auto dataset = open_dataset(run, plugins);
  require_recorded_data(run, dataset->info());
  const TrainedModel model = load_model(run, dataset->info(), plugins, threads);
  std::vector<EvaluationRow> rows;
  // Each as soon as it is measured: the second may take hours.
  const auto keep = [&](const EvaluationRow& row) {
    rows.push_back(row);
    if (records) store.put_evaluation(id, row);
  };
  keep(plain_bound(run, model, *dataset, order));
  if (order.importance_samples > 0) keep(importance_weighted_bound(run, model, *dataset, order));
  std::cout << results::format_table(table_of(id, run.cell.task, dataset->info().image, rows), format);
  return 0;
}

}  // namespace drawlab::runner
