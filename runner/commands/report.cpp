#include "results/reports/report.hpp"

#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/picture_files.hpp"
#include "runner/commands/shared_options.hpp"
#include "system/text.hpp"
#include "system/write_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <set>

namespace drawlab::runner {
namespace {

/// The only experiment of the database.
std::string only_experiment(const results::Store& store) {
  std::set<std::string> names;
  for (const results::RunRow& run : store.runs()) names.insert(run.experiment);
  if (names.size() == 1) return *names.begin();
  if (names.empty()) throw ConfigError(fmt::format("there are no runs in {}", store.path().string()));
  throw ConfigError(results::terminal_text(
      fmt::format("EXPERIMENT is missing: {} holds {}", store.path().string(), fmt::join(names, ", "))));
}

struct Report : CommandLine {
  const std::string& experiment = experiment_argument(*this);
  DatabaseOption database{*this};
  const Path& output =
      output_option(*this, "file to write, or - for stdout; EXPERIMENT.html if not given", Need::optional);

  int run() const override {
    const results::Store store = database.open_to_read();
    const std::string name = experiment.empty() ? only_experiment(store) : experiment;
    const std::string page = results::experiment_report(store, name);
    if (output == "-") {
      std::cout << page << std::flush;
      return 0;
    }
    const std::filesystem::path file = output.empty() ? std::filesystem::path(file_name_of(name) + ".html") : output;
    write_file(file, page);
    std::cerr << fmt::format("{}: {}\n", file.string(), size_text(page.size()));
    return 0;
  }
};

}  // namespace

Command report_command() {
  return command<Report>("report", "writes one HTML page that compares an experiment's cells",
                         "Writes one HTML page that compares the cells of an experiment: settings, results, learning "
                         "curves, samples, drawings glimpse by glimpse, failures. The page needs no network, and the "
                         "same record gives the same bytes.");
}

}  // namespace drawlab::runner
