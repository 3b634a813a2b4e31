#pragma once

#include "results/store.hpp"
#include "runner/schedule/progress.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace drawlab::runner {

/// A cell to train.
struct ScheduledCell {
  CellName name;
  bool from_start = false;  // ignores an existing checkpoint
  results::Status planned_as = results::Status::pending;
  std::string planned_finished;  // when the run ended, as the plan saw it; a later end is another runner's work
};

struct ScheduleOptions {
  std::filesystem::path database;
  std::vector<std::filesystem::path> plugin_folders;
  int jobs = 0;     // cells side by side; 0: by the cores
  int threads = 0;  // of each cell; 0: by the cores
};

struct ScheduleOutcome {
  int done = 0;
  int failed = 0;
  int diverged = 0;
  int stopped = 0;
  int left = 0;                  // to another runner
  int signal = 0;                // the signal that stopped the runner; 0: none
  std::string database_trouble;  // why a cell's end could not be recorded
};

/// How many cells run side by side, and on how many threads the next one starts.
struct CoreSplit {
  int jobs = 1;
  int threads = 1;
};
/// `waiting`: cells not yet started; `busy`: threads that the `running` cells use. With at least as many cells as cores
/// each gets one thread; otherwise one cell at a time gets all cores. Pure.
CoreSplit split_cores(int cores, int waiting, int running, int busy, const ScheduleOptions& options);

/// Trains the cells, each in its own process, and records how each ends. Passes SIGINT and SIGTERM on to the cells,
/// which checkpoint and stop; a second signal kills them.
ScheduleOutcome run_schedule(results::Store& store, std::span<const ScheduledCell> cells,
                             const ScheduleOptions& options, Progress& progress);

}  // namespace drawlab::runner
