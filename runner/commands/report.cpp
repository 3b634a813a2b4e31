#include "results/reports/report.hpp"

#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "system/text.hpp"
#include "system/write_file.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iostream>
#include <set>
#include <span>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

/// The one experiment of a database that has no other.
std::string only_experiment(const results::Store& store) {
  std::set<std::string> names;
  for (const results::RunRow& run : store.runs()) names.insert(run.experiment);
  if (names.size() == 1) return *names.begin();
  if (names.empty()) throw ConfigError(fmt::format("there are no runs in {}", store.path().string()));
  throw ConfigError(results::terminal_text(
      fmt::format("EXPERIMENT is missing: {} holds {}", store.path().string(), fmt::join(names, ", "))));
}

}  // namespace

int report_command(const std::vector<std::string>& words) {
  Arguments arguments("report [EXPERIMENT] [-o FILE.html] [options]",
                      "One HTML page that compares the cells of an experiment: what was run, results, learning curves, "
                      "samples, drawings\nglimpse by glimpse, failures. It needs no network; the same record gives the "
                      "same bytes.");
  add_database_option(arguments);
  arguments.positional("EXPERIMENT");
  arguments.add()("output,o", po::value<std::string>()->value_name("FILE"),
                  "the file to write, by default EXPERIMENT.html; - is stdout");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const auto given = words_of(*values, "EXPERIMENT");
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  const std::string experiment = given.empty() ? only_experiment(store) : given.front();
  const std::string page = results::experiment_report(store, experiment);
  const std::string output =
      values->count("output") > 0 ? (*values)["output"].as<std::string>() : file_name_of(experiment) + ".html";
  if (output == "-") {
    std::cout << page << std::flush;
    return 0;
  }
  write_file(output, page);
  std::cerr << fmt::format("{}: {}\n", output, size_text(page.size()));
  return 0;
}

}  // namespace drawlab::runner
