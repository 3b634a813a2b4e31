#include "runner/commands/commands.hpp"

#include "runner/commands/data.hpp"

#include <array>

namespace drawlab::runner {

std::span<const Command> commands() {
  static constexpr std::array kCommands = {
      Command{"run", "train the cells of experiment files that are not done", run_command},
      Command{"runs", "list the runs of the results database", runs_command},
      Command{"show", "print one run whole, and write its pictures out", show_command},
      Command{"compare", "an experiment's cells side by side", compare_command},
      Command{"watch", "follow a grid that trains", watch_command},
      Command{"query", "read-only SQL and canned queries on the results", query_command},
      Command{"report", "one page that compares an experiment's cells", report_command},
      Command{"export", "numbers and pictures as files for other programs", export_command},
      Command{"publish", "finished runs as a database to give away", publish_command},
      Command{"evaluate", "the bound of a run's checkpoint on a split, and tighter ones", evaluate_command},
      Command{"sample", "draw pictures with a run's checkpoint", sample_command},
      Command{"animate", "how a run draws, glimpse by glimpse", animate_command},
      Command{"neighbours", "samples beside their nearest training images", neighbours_command},
      Command{"data", "datasets: where they are, whether whole, and how to get them", data_command},
      Command{"plugins", "list and describe plugins, and check one", plugins_command},
      Command{"new", "start a plugin of your own", new_command},
      Command{"bench", "the speed of training beside this machine's limit", bench_command},
      Command{"doctor", "what is wrong here and how to mend it", doctor_command},
      Command{"completion", "a completion script for bash", completion_command},
      Command{"manual", "the manual page", manual_command},
      Command{"cell", "train one run; what `run` starts for each cell, and a cluster's job may", cell_command},
  };
  return kCommands;
}

}  // namespace drawlab::runner
