#include "drawlab/config.hpp"
#include "drawlab/dataset.hpp"

#include "results/comparison.hpp"
#include "results/format.hpp"
#include "results/store.hpp"
#include "runner/commands/columns.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/picture_files.hpp"
#include "runner/commands/shared_options.hpp"
#include "runner/schedule/history.hpp"
#include "system/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>

namespace drawlab::runner {
namespace {

void line(const std::string& name, const std::string& text) {
  if (!text.empty()) std::cout << fmt::format("{:<24}{}\n", name, results::terminal_text(text));
}

void line(const std::string& name, const std::optional<double>& value) {
  if (value) line(name, fmt::format("{:.4f}", *value));
}

void print_unless_empty(const results::Table& table) {
  if (!table.rows.empty()) std::cout << '\n' << results::format_table(table, results::Format::table);
}

/// One setting per line, with its dotted name.
void print_settings(const RecordedConfiguration& configuration) {
  for (const auto& [name, node] : configuration.settings()) {
    if (node->is_map() && !node->entries().empty()) continue;
    const std::string value = node->is_map() ? "" : " = " + to_json(*node);
    std::cout << results::terminal_text("  " + name + value) << '\n';
  }
}

void print_run(const results::RunRow& row, const std::optional<double>& per_dimension) {
  line("run", std::to_string(row.id));
  line("experiment", row.experiment);
  line("cell", row.label);
  line("status", state_text(row));
  line("error", row.error);
  if (row.status == results::Status::diverged) line("diverged at step", std::to_string(row.diverged_step));
  line("dataset", row.dataset);
  line("task", std::string(task_name(row.task)));
  line("read", row.read);
  line("write", row.write);
  line("seed", std::to_string(row.seed));
  line("epochs", std::to_string(row.epochs));
  line("best validation nll", row.best_nll);
  line("test nll", row.test_nll);
  // Only for colour images, whose intensities are treated as Bernoulli means.
  line("test nll per dimension", per_dimension);
  line("test reconstruction", row.test_reconstruction);
  line("test kl", row.test_kl);
  line("test error", row.test_error);
  line("trained for", duration_text(row.seconds));
  line("started", row.started);
  line("finished", row.finished);
  line("checkpoint", row.checkpoint);
  line("checkpoint sha256", row.checkpoint_sha256);
  line("drawlab", row.version);
  line("git commit", row.git_commit.empty() ? "" : row.git_commit + (row.git_dirty ? " with changes" : ""));
  line("host", row.host);
  line("processor", row.processor);
  line("instruction set", row.instruction_set);
  if (row.threads > 0) line("threads", std::to_string(row.threads));
  line("identity", row.identity);
  std::cout << "\nsettings\n";
  print_settings(row.configuration());
}

/// The bounds, a row per epoch.
void print_curve(const std::vector<Metric>& metrics) {
  // A generator has a KL divergence, a classifier an error.
  const bool classifies = std::any_of(metrics.begin(), metrics.end(),
                                      [](const Metric& metric) { return metric.name.quantity == Quantity::error; });
  const Quantity second_of = classifies ? Quantity::error : Quantity::kl;
  const std::string second = classifies ? "error" : "kl";
  std::map<std::int64_t, std::vector<results::Cell>> rows;
  for (const auto& [epoch, name, value] : metrics) {
    if (name.quantity != Quantity::nll && name.quantity != second_of) continue;
    auto& row = rows.try_emplace(epoch, 7).first->second;
    row[0] = epoch;
    row[1 + 2 * static_cast<std::size_t>(name.split) + (name.quantity == second_of ? 1 : 0)] = value;
  }
  results::Table table{
      {"epoch", "train_nll", "train_" + second, "validation_nll", "validation_" + second, "test_nll", "test_" + second},
      {}};
  for (auto& [epoch, row] : rows) table.rows.push_back(std::move(row));
  print_unless_empty(table);
}

/// A row per label, a column per guess. If there are too many classes for a screen, names the query that prints them.
void print_confusion(const std::vector<std::int64_t>& counts, results::RunId id) {
  constexpr std::size_t kMostClasses = 16;
  const auto classes = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(counts.size()))));
  if (classes == 0) return;
  if (classes > kMostClasses) {
    std::cout << fmt::format("\n`drawlab query confusion -p run={}` shows the confusion matrix of the {} labels\n", id,
                             classes);
    return;
  }
  results::Table table{{"label"}, {}};
  for (std::size_t guess = 0; guess < classes; ++guess) table.columns.push_back(fmt::format("as_{}", guess));
  for (std::size_t label = 0; label < classes; ++label) {
    std::vector<results::Cell> row = {static_cast<std::int64_t>(label)};
    for (std::size_t guess = 0; guess < classes; ++guess) row.emplace_back(counts[label * classes + guess]);
    table.rows.push_back(std::move(row));
  }
  std::cout << "\ntest labels, and how often each was classified as what\n"
            << results::format_table(table, results::Format::table);
}

/// What `drawlab evaluate` has measured.
results::Table evaluations_table(const std::vector<results::EvaluationRow>& evaluations) {
  using results::EvaluationRow;
  return table_of<EvaluationRow>(evaluations,
                                 {{"evaluated", [](const EvaluationRow& row) { return split_name(row.split); }},
                                  {"samples", &EvaluationRow::samples},
                                  {"bound", [](const EvaluationRow& row) { return results::bound_name(row.kind); }},
                                  {"passes", &EvaluationRow::passes},
                                  {"importance_samples", &EvaluationRow::importance_samples},
                                  {"nll", &EvaluationRow::nll},
                                  {"standard_error", &EvaluationRow::standard_error}});
}

results::Table images_table(const std::vector<results::ImageRow>& images) {
  using results::ImageRow;
  return table_of<ImageRow>(images, {{"picture", [](const ImageRow& image) { return image.kind + '/' + image.name; }},
                                     {"format", &ImageRow::format},
                                     {"bytes", [](const ImageRow& image) { return image.bytes.size(); }},
                                     {"caption", &ImageRow::caption}});
}

struct Show : CommandLine {
  const results::RunId& id = run_argument(*this);
  DatabaseOption database{*this};
  const Path& images =
      option("images", folder(), "write the run's pictures into this folder instead, and print their paths");

  int run() const override {
    const results::Store store = database.open_to_read();
    const results::RunRow row = require_run(store, id);
    if (!images.empty()) {
      const auto paths = write_pictures(store, id, images);
      for (const auto& path : paths) std::cout << path.string() << '\n';
      if (paths.empty()) std::cerr << fmt::format("run {} has no pictures yet\n", id);
      return 0;
    }
    const auto per_dimension = results::metric_of(store, {row}, MetricName{Split::test, Quantity::nll_per_dimension});
    print_run(row, per_dimension.empty() ? std::nullopt : std::optional(per_dimension.begin()->second));
    print_curve(store.metrics(id));
    print_unless_empty(evaluations_table(store.evaluations(id)));
    print_confusion(store.confusion(id, Split::test), id);
    print_unless_empty(results::run_query(store.path(),
                                          "SELECT time, name, text FROM event WHERE run = :run ORDER BY id",
                                          {{"run", std::to_string(id)}}));
    print_unless_empty(images_table(store.images(id)));
    return 0;
  }
};

}  // namespace

Command show_command() {
  return command<Show>("show", "prints one run whole, or writes its pictures", "Prints everything about one run.");
}

}  // namespace drawlab::runner
