#include "drawlab/config.hpp"
#include "drawlab/dataset.hpp"
#include "drawlab/error.hpp"

#include "results/comparison.hpp"
#include "results/format.hpp"
#include "results/store.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/schedule/history.hpp"
#include "system/text.hpp"
#include "system/write_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

void line(const std::string& name, const std::string& text) {
  if (!text.empty()) std::cout << fmt::format("{:<22}{}\n", name, results::terminal_text(text));
}

void line(const std::string& name, const std::optional<double>& value) {
  if (value) line(name, fmt::format("{:.4f}", *value));
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
  // Of pictures in colour alone, whose intensities are read as Bernoulli means.
  line("test nll a dimension", per_dimension);
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

/// The epochs' bounds, a row each.
void print_curve(const std::vector<Metric>& metrics) {
  // A model that draws has a KL, one that classifies an error.
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
  if (rows.empty()) return;
  results::Table table{
      {"epoch", "train_nll", "train_" + second, "validation_nll", "validation_" + second, "test_nll", "test_" + second},
      {}};
  for (auto& [epoch, row] : rows) table.rows.push_back(std::move(row));
  std::cout << '\n' << results::format_table(table, results::Format::table);
}

/// A row a label, a column a guess; too many classes for a screen are left to `drawlab query confusion`.
void print_confusion(const std::vector<std::int64_t>& counts, results::RunId id) {
  constexpr std::size_t kMostClasses = 16;
  const auto classes = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(counts.size()))));
  if (classes == 0) return;
  if (classes > kMostClasses) {
    std::cout << fmt::format("\n`drawlab query confusion -p run={}` shows what the {} labels were taken for\n", id,
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
  std::cout << "\ntest labels, and what they were taken for\n" << results::format_table(table, results::Format::table);
}

void print_events(const std::filesystem::path& database, results::RunId id) {
  const results::Table events = results::run_query(
      database, "SELECT time, name, text FROM event WHERE run = :run ORDER BY id", {{"run", std::to_string(id)}});
  if (!events.rows.empty()) std::cout << '\n' << results::format_table(events, results::Format::table);
}

/// What `drawlab evaluate` has measured.
void print_evaluations(const std::vector<results::EvaluationRow>& evaluations) {
  results::Table table{{"evaluated", "samples", "bound", "passes", "importance_samples", "nll", "standard_error"}, {}};
  for (const results::EvaluationRow& row : evaluations) {
    table.rows.push_back({std::string(split_name(row.split)), row.samples, std::string(results::bound_name(row.kind)),
                          row.passes, row.importance_samples, row.nll,
                          row.standard_error ? results::Cell(*row.standard_error) : results::Cell()});
  }
  if (!table.rows.empty()) std::cout << '\n' << results::format_table(table, results::Format::table);
}

void print_images(const std::vector<results::ImageRow>& images) {
  results::Table table{{"picture", "format", "bytes", "caption"}, {}};
  for (const results::ImageRow& image : images) {
    table.rows.push_back(
        {image.kind + '/' + image.name, image.format, static_cast<std::int64_t>(image.bytes.size()), image.caption});
  }
  if (!table.rows.empty()) std::cout << '\n' << results::format_table(table, results::Format::table);
}

void write_images(const std::vector<results::ImageRow>& images, results::RunId id,
                  const std::filesystem::path& folder) {
  make_folder(folder);
  for (const results::ImageRow& image : images) {
    const std::string name = image.name == image.kind ? image.kind : image.kind + '_' + image.name;
    const auto path = folder / fmt::format("run_{}_{}.{}", id, file_name_of(name), file_name_of(image.format));
    write_file(path, image.bytes);
    std::cout << path.string() << '\n';
  }
  if (images.empty()) std::cerr << fmt::format("run {} has no pictures yet\n", id);
}

}  // namespace

int show_command(const std::vector<std::string>& words) {
  Arguments arguments("show RUN [options]", "Prints everything of one run.");
  add_database_option(arguments);
  arguments.positional("RUN");
  arguments.add()("images", po::value<std::string>()->value_name("DIR"),
                  "write the run's pictures into this folder instead, and print their paths");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const results::RunId id = run_number(required_word(*values, "RUN", "a run's number; `drawlab runs` lists them"));
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  const auto row = store.run(id);
  if (!row) throw ConfigError(fmt::format("no run {} in {}; `drawlab runs` lists them", id, store.path().string()));
  const auto images = store.images(id);
  if (values->count("images") > 0) {
    write_images(images, id, (*values)["images"].as<std::string>());
    return 0;
  }
  const auto per_dimension = results::metric_of(store, {*row}, MetricName{Split::test, Quantity::nll_per_dimension});
  print_run(*row, per_dimension.empty() ? std::nullopt : std::optional(per_dimension.begin()->second));
  print_curve(store.metrics(id));
  print_evaluations(store.evaluations(id));
  print_confusion(store.confusion(id, Split::test), id);
  print_events(store.path(), id);
  print_images(images);
  return 0;
}

}  // namespace drawlab::runner
