#include "runner/commands/columns.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/shared_options.hpp"
#include "runner/schedule/history.hpp"

namespace drawlab::runner {
namespace {

struct Runs : CommandLine {
  const std::string& experiment = experiment_argument(*this);
  DatabaseOption database{*this};
  FormatOption format{*this};

  int run() const override {
    using results::RunRow;
    const std::vector<Column<RunRow>> columns = {
        {"run", &RunRow::id},          {"experiment", &RunRow::experiment},   {"cell", &RunRow::label},
        {"seed", &RunRow::seed},       {"dataset", &RunRow::dataset},         {"status", state_text},
        {"epochs", &RunRow::epochs},   {"validation_nll", &RunRow::best_nll}, {"test_nll", &RunRow::test_nll},
        {"seconds", &RunRow::seconds}, {"started", &RunRow::started}};
    format.print(table_of(database.open_to_read().runs(experiment), columns));
    return 0;
  }
};

}  // namespace

Command runs_command() {
  return command<Runs>("runs", "lists the runs of the results database",
                       "Lists the runs of the results database, or those of one experiment.");
}

}  // namespace drawlab::runner
