#include "runner/commands/commands.hpp"
#include "runner/commands/shared_options.hpp"
#include "runner/worker/cell_trainer.hpp"

#include <iostream>

namespace drawlab::runner {
namespace {

struct Cell : CommandLine {
  const results::RunId& id = option("run", run_number(), "number of the run", "", Need::required);
  DatabaseOption database{*this};
  PluginPathOption plugins{*this};
  ThreadsOption threads{*this};
  const bool& from_start = flag("from-start", "do not continue from a checkpoint");
  const std::string& holder = option("holder", text(), "name under which the run's lease is held");

  int run() const override {
    return train_cell({database.path, id, threads.count(), holder, from_start, plugins.all_folders()}, std::cout);
  }
};

}  // namespace

Command cell_command() {
  return command<Cell>("cell", "trains one recorded run; `run` starts it for each cell",
                       "Trains one run that `drawlab run` has recorded: continues from its checkpoint or starts. "
                       "Prints its progress, one JSON object per line.\n\nExit code 75: another process trains the "
                       "run, or it is done.");
}

}  // namespace drawlab::runner
