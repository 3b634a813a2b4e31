#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "results/store.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "system/write_file.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

/// Every number of one run, a row each.
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

void write_images(const results::Store& store, const std::vector<results::RunRow>& runs,
                  const std::filesystem::path& folder) {
  make_folder(folder);
  std::int64_t count = 0;
  for (const results::RunRow& run : runs) {
    for (const results::ImageRow& image : store.images(run.id)) {
      const std::string name = image.kind == image.name ? image.kind : image.kind + '_' + image.name;
      write_file(folder / fmt::format("run_{}_{}.{}", run.id, file_name_of(name), file_name_of(image.format)),
                 image.bytes);
      ++count;
    }
  }
  std::cerr << fmt::format("{} pictures of {} runs in {}\n", count, runs.size(), folder.string());
}

}  // namespace

int export_command(const std::vector<std::string>& words) {
  Arguments arguments("export [EXPERIMENT] [options]",
                      "Every recorded number as CSV or JSON lines, a row each, for other programs; with --images also "
                      "every picture as\na file.");
  add_database_option(arguments);
  arguments.positional("EXPERIMENT");
  arguments.add()("format", po::value<std::string>()->value_name("NAME")->default_value("csv"), "csv or jsonl");
  arguments.add()("output,o", po::value<std::string>()->value_name("FILE"), "where to write; by default to stdout");
  arguments.add()("run", po::value<std::int64_t>()->value_name("N"), "of one run alone");
  arguments.add()("images", po::value<std::string>()->value_name("DIR"),
                  "write the pictures into this folder; the numbers then only where -o asks for them");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const std::string format = (*values)["format"].as<std::string>();
  require_word("format", format, {"csv", "jsonl"});
  const auto experiment = words_of(*values, "EXPERIMENT");
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  auto runs = store.runs(experiment.empty() ? std::string() : experiment.front());
  if (values->count("run") > 0) {
    const auto id = (*values)["run"].as<std::int64_t>();
    std::erase_if(runs, [id](const results::RunRow& run) { return run.id != id; });
  }
  if (runs.empty()) {
    if (!experiment.empty()) require_experiment(store, experiment.front());
    throw ConfigError(fmt::format("no such run in {}; `drawlab runs` lists them", store.path().string()));
  }
  if (values->count("images") > 0) write_images(store, runs, (*values)["images"].as<std::string>());
  if (values->count("output") > 0) {
    const std::string path = (*values)["output"].as<std::string>();
    std::ofstream file(path, std::ios::binary);
    if (file) write_metrics(store, runs, results::format_of(format), file);
    file.close();
    if (!file) throw SystemError(fmt::format("{}: cannot be written", path));
  } else if (values->count("images") == 0) {
    write_metrics(store, runs, results::format_of(format), std::cout);
  }
  return 0;
}

}  // namespace drawlab::runner
