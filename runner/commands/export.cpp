#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "results/store.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/picture_files.hpp"
#include "runner/commands/shared_options.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <utility>

namespace drawlab::runner {
namespace {

/// Every number of one run, a row per number.
results::Table metrics_table(const results::Store& store, const results::RunRow& run) {
  results::Table table{{"experiment", "run", "cell", "dataset", "task", "read", "write", "seed", "status", "split",
                        "name", "epoch", "value"},
                       {}};
  for (const auto& [epoch, name, value] : store.metrics(run.id)) {
    table.rows.push_back({run.experiment, run.id, run.label, run.dataset, std::string(task_name(run.task)), run.read,
                          run.write, static_cast<std::int64_t>(run.seed), std::string(results::status_name(run.status)),
                          std::string(split_name(name.split)), quantity_text(name), epoch, value});
  }
  return table;
}

/// Writes run by run, so that memory does not grow with the database.
void write_metrics(const results::Store& store, const std::vector<results::RunRow>& runs, results::Format format,
                   std::ostream& out) {
  bool first = true;
  for (const results::RunRow& run : runs) {
    std::string text = results::format_table(metrics_table(store, run), format);
    if (format == results::Format::csv && !std::exchange(first, false)) text.erase(0, text.find('\n') + 1);
    out << text;
  }
  out.flush();
}

struct Export : CommandLine {
  const std::string& experiment = experiment_argument(*this);
  DatabaseOption database{*this};
  const std::string& format = option("format", one_of({"csv", "jsonl"}, "NAME"), "output format", "csv");
  const Path& output = output_option(*this, "file to write; stdout if not given", Need::optional);
  const results::RunId& only_run = option("run", run_number(), "export this run only");
  const Path& images = option("images", folder(), "write the pictures into this folder; the numbers then need -o");

  int run() const override {
    const results::Store store = database.open_to_read();
    auto runs = store.runs(experiment);
    std::erase_if(runs, [&](const results::RunRow& run) { return only_run != 0 && run.id != only_run; });
    if (runs.empty()) {
      if (!experiment.empty()) require_experiment(store, experiment);
      throw ConfigError(fmt::format("no such run in {}; `drawlab runs` lists them", store.path().string()));
    }
    if (!images.empty()) {
      std::size_t count = 0;
      for (const results::RunRow& run : runs) count += write_pictures(store, run.id, images).size();
      std::cerr << fmt::format("{} pictures of {} runs in {}\n", count, runs.size(), images.string());
    }
    if (!output.empty()) {
      std::ofstream file(output, std::ios::binary);
      if (file) write_metrics(store, runs, results::format_of(format), file);
      file.close();
      if (!file) throw SystemError(fmt::format("{}: cannot be written", output.string()));
    } else if (images.empty()) {
      write_metrics(store, runs, results::format_of(format), std::cout);
    }
    return 0;
  }
};

}  // namespace

Command export_command() {
  return command<Export>("export", "writes numbers and pictures as files for other programs",
                         "Writes every recorded number as CSV or JSON lines, one per row, for other programs. With "
                         "--images it also writes every picture as a file.");
}

}  // namespace drawlab::runner
