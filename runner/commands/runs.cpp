#include "results/format.hpp"
#include "results/store.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/schedule/history.hpp"

#include <iostream>

namespace drawlab::runner {
namespace {

results::Cell number(const std::optional<double>& value) {
  return value ? results::Cell(*value) : results::Cell(std::monostate());
}

}  // namespace

int runs_command(const std::vector<std::string>& words) {
  Arguments arguments("runs [EXPERIMENT] [options]", "Lists the runs of the results database.");
  add_database_option(arguments);
  add_format_option(arguments);
  arguments.positional("EXPERIMENT");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const results::Format format = results::format_of((*values)["format"].as<std::string>());
  const auto experiment = words_of(*values, "EXPERIMENT");
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  results::Table table{{"run", "experiment", "cell", "seed", "dataset", "status", "epochs", "validation_nll",
                        "test_nll", "seconds", "started"},
                       {}};
  for (const results::RunRow& row : store.runs(experiment.empty() ? std::string() : experiment.front())) {
    table.rows.push_back({row.id, row.experiment, row.label, static_cast<std::int64_t>(row.seed), row.dataset,
                          state_text(row), row.epochs, number(row.best_nll), number(row.test_nll), row.seconds,
                          row.started});
  }
  std::cout << results::format_table(table, format);
  return 0;
}

}  // namespace drawlab::runner
