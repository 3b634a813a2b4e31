#pragma once

#include "results/store.hpp"
#include "runner/experiment/plan.hpp"
#include "runner/schedule/scheduler.hpp"

#include <functional>
#include <string>
#include <vector>

namespace drawlab::runner {

/// What `drawlab run` does with cells that have a run already.
struct RunPolicy {
  bool rerun = false;           // train finished cells again
  bool retry_diverged = false;  // train diverged cells again
  bool adopt = false;           // continue unfinished runs of another build
};

/// Hears a sentence for the user.
using Notice = std::function<void(const std::string&)>;

/// Prints the plan's cells with their state and an estimate of their time. Records and trains nothing.
void print_dry_run(const Plan& plan, PluginHost& plugins, const RunPolicy& policy, const ScheduleOptions& schedule,
                   const Notice& notice);

/// A plan in the database.
struct RecordedPlan {
  std::vector<results::RunId> runs;         // of all cells
  std::vector<ScheduledCell> waiting;       // to be trained
  std::vector<const PlannedCell*> planned;  // the waiting cells, in the same order
};

/// Records the plan's experiments and cells, and picks the cells to train. `command` is recorded with each of them.
RecordedPlan record_plan(results::Store& store, const Plan& plan, PluginHost& plugins, const RunPolicy& policy,
                         const std::string& command, const Notice& notice);

}  // namespace drawlab::runner
