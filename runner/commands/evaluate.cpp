#include "drawlab/error.hpp"
#include "drawlab/version.hpp"

#include "runner/commands/columns.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/recorded_run.hpp"
#include "runner/commands/shared_options.hpp"
#include "runner/data/meter.hpp"
#include "system/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <optional>
#include <span>
#include <vector>

namespace drawlab::runner {
namespace {

using results::EvaluationRow;

/// What is to be measured, and with what.
struct BoundRequest {
  const RecordedRun& run;
  const TrainedModel& model;
  const Dataset& dataset;
  Split split;
  std::int64_t limit;
  std::int64_t passes;
  std::int64_t importance_samples;  // 0: the plain bound alone
};

/// How many samples of a split the run itself used; 0: all.
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

/// The standard error of the mean; nothing for a single number.
std::optional<double> standard_error_of(std::span<const double> numbers) {
  if (numbers.size() < 2) return std::nullopt;
  const double mean = mean_of(numbers);
  double squares = 0;
  for (const double number : numbers) squares += (number - mean) * (number - mean);
  const auto n = static_cast<double>(numbers.size());
  return std::sqrt(squares / (n - 1) / n);
}

EvaluationRow row_for(const BoundRequest& request, results::BoundKind kind) {
  EvaluationRow row;
  row.split = request.split;
  row.kind = kind;
  row.passes = request.passes;
  row.checkpoint_sha256 = request.run.row.checkpoint_sha256;
  row.version = kVersion;
  return row;
}

EvaluationRow plain_bound(const BoundRequest& request) {
  Meter meter("plain bound", std::cerr, animated_terminal());
  std::vector<double> nll;
  double reconstruction = 0;
  double kl = 0;
  double error = 0;
  EvaluationRow row = row_for(request, results::BoundKind::plain);
  for (std::int64_t pass = 0; pass < request.passes; ++pass) {
    const Evaluation found =
        request.model.evaluate(request.dataset, request.split, request.limit, static_cast<std::uint64_t>(pass));
    row.samples = found.samples;
    nll.push_back(found.nll);
    reconstruction += found.reconstruction / static_cast<double>(request.passes);
    kl += found.kl / static_cast<double>(request.passes);
    error += found.error / static_cast<double>(request.passes);
    meter.at(static_cast<double>(pass + 1) / static_cast<double>(request.passes));
  }
  row.nll = mean_of(nll);
  row.standard_error = standard_error_of(nll);
  if (request.run.cell.task == Task::classify) {
    row.error = error;
  } else {
    row.reconstruction = reconstruction;
    row.kl = kl;
  }
  return row;
}

EvaluationRow importance_weighted_bound(const BoundRequest& request) {
  Meter meter(fmt::format("bound of {} importance samples", request.importance_samples), std::cerr,
              animated_terminal());
  std::vector<double> nll;
  double effective = 0;
  double from_draws = 0;
  EvaluationRow row = row_for(request, results::BoundKind::importance);
  row.importance_samples = request.importance_samples;
  for (std::int64_t pass = 0; pass < request.passes; ++pass) {
    const auto first = static_cast<std::uint64_t>(pass * request.importance_samples);
    const ImportanceBound found = request.model.importance_bound(
        request.dataset, request.split, request.limit, request.importance_samples, first,
        [&](double share) { meter.at((static_cast<double>(pass) + share) / static_cast<double>(request.passes)); });
    row.samples = found.samples;
    nll.push_back(found.nll);
    effective += found.effective_draws / static_cast<double>(request.passes);
    from_draws = found.standard_error;
  }
  row.nll = mean_of(nll);
  row.standard_error = standard_error_of(nll);
  if (!row.standard_error && std::isfinite(from_draws)) row.standard_error = from_draws;
  row.effective_samples = effective;
  return row;
}

results::Table evaluated_table(results::RunId id, Task task, const ImageShape& image,
                               const std::vector<EvaluationRow>& rows) {
  std::vector<Column<EvaluationRow>> columns = {
      {"run", [id](const EvaluationRow&) { return id; }},
      {"split", [](const EvaluationRow& row) { return split_name(row.split); }},
      {"samples", &EvaluationRow::samples},
      {"bound", [](const EvaluationRow& row) { return results::bound_name(row.kind); }},
      {"passes", &EvaluationRow::passes},
      {"nll", &EvaluationRow::nll},
      {"standard_error", &EvaluationRow::standard_error}};
  if (rows.size() > 1) {
    columns.emplace_back("importance_samples", &EvaluationRow::importance_samples);
    columns.emplace_back("effective_samples", &EvaluationRow::effective_samples);
  }
  if (task == Task::classify) {
    columns.emplace_back("error", &EvaluationRow::error);
  } else {
    columns.emplace_back("reconstruction", &EvaluationRow::reconstruction);
    columns.emplace_back("kl", &EvaluationRow::kl);
    const auto dimensions = static_cast<double>(image.count());
    if (image.channels > 1) {
      columns.emplace_back("nll_per_dimension",
                           [dimensions](const EvaluationRow& row) { return row.nll / dimensions; });
    }
  }
  return table_of(rows, columns);
}

struct Evaluate : CommandLine {
  RunOption recorded{*this};
  const Split& split = option("split", split_word(), "split to evaluate", "test");
  const std::int64_t& passes = option("passes", integer(1, 10'000, "P"),
                                      "average this many passes, each with its own noise; gives a standard error", "1");
  const std::int64_t& importance_samples =
      option("importance-samples", integer(1, 5000, "K"),
             "also measure the importance-weighted bound with K latent samples per image");
  const std::optional<std::int64_t>& limit =
      optional("limit", integer(0, std::int64_t{1} << 40),
               "use the first N samples of the split, all if 0; as many as the run used if not given");
  ThreadsOption threads{*this};
  const bool& no_record = flag("no-record", "do not record the result");
  FormatOption format{*this};

  int run() const override;
};

int Evaluate::run() const {
  // Opened for writing first: a database that cannot be written is reported before the work is done.
  results::Store store = no_record ? recorded.database.open_to_read() : recorded.database.open_to_write();
  PluginHost plugins = recorded.plugins.open();
  const RecordedRun run = recorded_run(store, recorded.run, plugins);
  if (importance_samples > 0 && run.cell.task == Task::classify) {
    throw ConfigError(fmt::format("--importance-samples: run {} classifies; it has no latents to draw", run.row.id));
  }
  const auto dataset = open_dataset(run, plugins);
  const TrainedModel model = load_model(run, dataset->info(), plugins, threads.count());
  const std::int64_t samples = limit.value_or(limit_of(run.cell.training, split));
  const BoundRequest request{run, model, *dataset, split, samples, passes, importance_samples};
  std::vector<EvaluationRow> rows;
  // Each is recorded as soon as it is measured: the second may take hours.
  const auto keep = [&](const EvaluationRow& row) {
    rows.push_back(row);
    if (!no_record) store.put_evaluation(run.row.id, row);
  };
  keep(plain_bound(request));
  if (importance_samples > 0) keep(importance_weighted_bound(request));
  format.print(evaluated_table(run.row.id, run.cell.task, dataset->info().image, rows));
  return 0;
}

}  // namespace

Command evaluate_command() {
  return command<Evaluate>(
      "evaluate", "measures the bound of a run's checkpoint on a split",
      "Measures the bound on a split with the weights that were best on validation, in nats per image. One pass over "
      "the test split gives the value that the run has recorded. For a classifier: the cross-entropy and the share of "
      "wrong labels.\n\nWith --importance-samples it also measures a tighter bound; compare published plain bounds "
      "with the plain one only. Results are recorded with the run.");
}

}  // namespace drawlab::runner
