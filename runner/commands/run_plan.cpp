#include "runner/commands/run_plan.hpp"

#include "results/format.hpp"
#include "runner/schedule/adoption.hpp"
#include "runner/schedule/history.hpp"
#include "system/machine.hpp"
#include "system/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>

namespace drawlab::runner {
namespace {

using results::RunRow;
using results::Status;

enum class Intent { train, skip_done, skip_diverged };

Intent intent_of(const std::optional<RunRow>& run, const RunPolicy& policy) {
  if (!run || policy.rerun) return Intent::train;
  if (run->status == Status::done) return Intent::skip_done;
  return run->status == Status::diverged && !policy.retry_diverged ? Intent::skip_diverged : Intent::train;
}

/// A run that is over is trained from the start, if at all.
bool is_over(const std::optional<RunRow>& run) {
  return run && (run->status == Status::done || run->status == Status::diverged);
}

/// The unfinished run of another build that the cell may continue; `notice` hears what becomes of it.
std::optional<RunRow> adoptable_run(const PlannedCell& cell, const results::Store& store, PluginHost& plugins,
                                    const RunPolicy& policy, const Notice& notice) {
  auto run = run_of_another_build(cell, store, plugins);
  if (run) notice(adoption_text(*run) + (policy.adopt ? "; it is continued" : "; --adopt continues it"));
  return run;
}

/// The run that a cell has, or would continue.
std::optional<RunRow> run_of(const PlannedCell& cell, const results::Store& store, PluginHost& plugins,
                             const RunPolicy& policy, const Notice& notice) {
  if (cell.run.identity.empty()) return std::nullopt;
  auto other = adoptable_run(cell, store, plugins, policy, notice);
  return other && policy.adopt ? other : store.find_run(cell.run.experiment, cell.run.identity);
}

}  // namespace

void print_dry_run(const Plan& plan, PluginHost& plugins, const RunPolicy& policy, const ScheduleOptions& schedule,
                   const Notice& notice) {
  std::optional<results::Store> store;
  if (std::filesystem::exists(schedule.database)) store.emplace(schedule.database, results::Store::Mode::read_only);
  std::vector<std::pair<const PlannedCell*, std::optional<RunRow>>> cells;
  for (const auto& experiment : plan.experiments) {
    for (const PlannedCell& cell : experiment.cells) {
      cells.emplace_back(&cell, store ? run_of(cell, *store, plugins, policy, notice) : std::nullopt);
    }
  }
  const auto trains = [&](const auto& cell) { return intent_of(cell.second, policy) == Intent::train; };
  const auto waiting = static_cast<int>(std::ranges::count_if(cells, trains));
  const CoreSplit split = split_cores(usable_cores(), waiting, 0, 0, schedule);
  const std::vector<RunRow> history = store ? store->runs() : std::vector<RunRow>();
  double total = 0;
  bool all_known = true;
  results::Table table{{"experiment", "cell", "dataset", "state", "run", "estimate"}, {}};
  for (const auto& each : cells) {
    const auto& [cell, run] = each;
    std::string estimate;
    if (trains(each)) {
      const auto seconds =
          estimate_seconds(cell->run.config, is_over(run) ? std::nullopt : run, history, split.threads);
      all_known = all_known && seconds.has_value();
      total += seconds.value_or(0);
      estimate = seconds ? duration_text(*seconds) : "unknown";
    }
    table.rows.push_back({cell->run.experiment, cell->title, cell->run.dataset, state_text(run),
                          run ? results::Cell(run->id) : results::Cell(), estimate});
  }
  std::cout << results::format_table(table, results::Format::table);
  std::cerr << fmt::format(
      "{} of {} cells to train, {} at a time on {} thread{} each{}\n", waiting, cells.size(),
      std::min(split.jobs, std::max(waiting, 1)), split.threads, split.threads == 1 ? "" : "s",
      waiting > 0 && all_known ? fmt::format(", about {} in all", duration_text(total / split.jobs)) : "");
}

RecordedPlan record_plan(results::Store& store, const Plan& plan, PluginHost& plugins, const RunPolicy& policy,
                         const std::string& command, const Notice& notice) {
  RecordedPlan recorded;
  std::map<Intent, int> counts;
  for (const auto& experiment : plan.experiments) {
    store.put_experiment(experiment.name, experiment.description, experiment.file.string(), experiment.text);
    for (const PlannedCell& cell : experiment.cells) {
      const auto other = adoptable_run(cell, store, plugins, policy, notice);
      if (other && policy.adopt && store.adopt_run(other->id, cell.run)) {
        store.put_event(other->id, "adopted",
                        fmt::format("begun by another build (drawlab {}) as {}, continued from epoch {} as {}",
                                    other->version, other->identity, other->epochs, cell.run.identity));
      }
      const auto row = store.find_run(experiment.name, cell.run.identity);
      const bool fresh = policy.rerun && is_over(row);
      const results::RunId id = store.put_run(cell.run, fresh);
      recorded.runs.push_back(id);
      const Intent intent = intent_of(row, policy);
      ++counts[intent];
      if (intent != Intent::train) continue;
      store.put_event(id, "command", command);
      ScheduledCell scheduled{{id, cell.title}, false, Status::pending, {}};
      if (row && !fresh) {
        scheduled.from_start = row->status == Status::diverged;
        scheduled.planned_as = row->status;
        scheduled.planned_finished = row->finished;
      }
      recorded.waiting.push_back(std::move(scheduled));
      recorded.planned.push_back(&cell);
    }
  }
  if (const int done = counts[Intent::skip_done]; done > 0) {
    notice(fmt::format("{} of {} cells are done already", done, plan.cell_count()));
  }
  if (const int diverged = counts[Intent::skip_diverged]; diverged > 0) {
    notice(fmt::format("{} of {} cells diverged and are left alone; --retry-diverged trains them again", diverged,
                       plan.cell_count()));
  }
  return recorded;
}

}  // namespace drawlab::runner
