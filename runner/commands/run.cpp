#include "drawlab/error.hpp"

#include "host/plugin_host.hpp"
#include "results/format.hpp"
#include "runner/commands/columns.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/run_plan.hpp"
#include "runner/commands/shared_options.hpp"
#include "runner/exit_code.hpp"
#include "runner/schedule/history.hpp"
#include "runner/schedule/memory_fit.hpp"
#include "runner/schedule/progress.hpp"
#include "system/machine.hpp"
#include "system/stop_signals.hpp"
#include "system/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>

namespace drawlab::runner {
namespace {

using results::RunRow;
using results::Status;

Takes<ProgressStyle> style_word() {
  return word<ProgressStyle>({{"auto", ProgressStyle::automatic},
                              {"bar", ProgressStyle::bar},
                              {"plain", ProgressStyle::plain},
                              {"json", ProgressStyle::json},
                              {"none", ProgressStyle::none}},
                             "STYLE");
}

struct Run : CommandLine {
  const std::vector<Path>& files =
      arguments(file(), "the experiment file to run, such as experiments/attention_ablation.yaml");
  const std::vector<Setting>& sets = options("set", setting(), "set a value of `base`, such as training.epochs=2");
  const std::string& only = option("only", text(), "only cells whose name contains the text");
  DatabaseOption database{*this};
  const int& jobs = option("jobs", integer<int>(1, 4096), "cells side by side; by the number of cores if not given");
  const int& threads =
      option("threads", integer<int>(1, 4096), "threads per cell; by the number of cores if not given");
  const bool& is_dry = flag("dry-run", "print the cells and their state, and train nothing");
  const bool& offline = flag("offline", "download nothing");
  const bool& rerun = flag("rerun", "train finished cells again, beside the old record");
  const bool& retry_diverged = flag("retry-diverged", "train diverged cells again");
  const bool& adopt = flag("adopt", "continue unfinished cells that another build of drawlab or of a plugin began");
  PluginPathOption plugins{*this};
  const ProgressStyle& progress = option("progress", style_word(), "how progress is shown", "auto");

  int run() const override;

 private:
  RunPolicy policy() const { return {rerun, retry_diverged, adopt}; }
  int train(const Plan& plan, PluginHost& host, ScheduleOptions schedule, const Notice& notice) const;
};

results::Table results_table(const std::vector<RunRow>& runs) {
  const auto any = [&](Task task) { return std::ranges::find(runs, task, &RunRow::task) != runs.end(); };
  std::vector<Column<RunRow>> columns = {{"run", &RunRow::id},
                                         {"cell", &RunRow::label},
                                         {"seed", &RunRow::seed},
                                         {"dataset", &RunRow::dataset},
                                         {"status", state_text},
                                         {"epochs", &RunRow::epochs},
                                         {"validation_nll", &RunRow::best_nll},
                                         {"test_nll", &RunRow::test_nll}};
  if (any(Task::generate)) {
    columns.emplace_back("test_reconstruction", &RunRow::test_reconstruction);
    columns.emplace_back("test_kl", &RunRow::test_kl);
  }
  if (any(Task::classify)) columns.emplace_back("test_error", &RunRow::test_error);
  columns.emplace_back("seconds", &RunRow::seconds);
  return table_of(runs, columns);
}

/// A grid with a failed or diverged cell is not done, whenever the cell failed.
int exit_code(const ScheduleOutcome& outcome, const std::vector<RunRow>& runs) {
  if (outcome.signal != 0) return exit_code_of(outcome.signal);
  if (!outcome.database_trouble.empty()) {
    std::cerr << outcome.database_trouble << '\n';
    return kDatabase;
  }
  const bool broken = std::ranges::any_of(
      runs, [](const RunRow& run) { return run.status == Status::failed || run.status == Status::diverged; });
  return broken ? kSomeFailed : kDone;
}

std::vector<MemoryNeed> memory_needs(const std::vector<const PlannedCell*>& cells, PluginHost& plugins) {
  std::vector<MemoryNeed> needs;
  std::map<std::string, std::optional<MemoryNeed>> known;  // the seed changes nothing
  for (const PlannedCell* const cell : cells) {
    CellConfig config = cell->config;
    config.seed = 0;
    const std::string key = cell->data.checksum + to_json(config.resolved(plugins, true));
    auto found = known.find(key);
    if (found == known.end()) found = known.emplace(key, memory_need(config, cell->data, plugins)).first;
    if (found->second) needs.push_back(*found->second);
  }
  return needs;
}

/// Lowers the number of cells side by side, and their threads, until they fit into memory; only warns if --jobs is
/// given.
void fit_memory(const std::vector<const PlannedCell*>& waiting, PluginHost& plugins, ScheduleOptions& schedule,
                const Notice& notice) {
  const CoreSplit split = split_cores(usable_cores(), static_cast<int>(waiting.size()), 0, 0, schedule);
  const std::size_t available = available_memory();
  if (available == 0) return;
  const std::vector<MemoryNeed> needs = memory_needs(waiting, plugins);
  if (needs.empty()) return;
  const MemoryFit wanted{split.jobs, split.threads};
  const MemoryFit fit = fit_into_memory(needs, available, wanted, usable_cores());
  if (fit.fits && fit.threads == wanted.threads && fit.jobs >= std::min(wanted.jobs, static_cast<int>(needs.size()))) {
    return;
  }
  std::size_t most = 0;
  for (const MemoryNeed& need : needs) most = std::max(most, need.with(wanted.threads));
  std::string text =
      fmt::format("memory: a cell takes about {}, and {} are free: ", size_text(most), size_text(available));
  if (schedule.jobs > 0) {
    text += fmt::format("--jobs {} may be too many", schedule.jobs);
  } else {
    schedule.jobs = fit.jobs;
    // Cores that other cells no longer use must not bring their memory back as threads.
    if (schedule.threads == 0) schedule.threads = fit.threads;
    text += fit.fits ? fmt::format("{} at a time on {} thread{} each", fit.jobs, schedule.threads,
                                   schedule.threads == 1 ? "" : "s")
                     : "it may not fit";
  }
  notice(text);
}

int Run::train(const Plan& plan, PluginHost& host, ScheduleOptions schedule, const Notice& notice) const {
  results::Store store(database.path);
  const RecordedPlan recorded = record_plan(store, plan, host, policy(), typed_command(), notice);
  fit_memory(recorded.planned, host, schedule, notice);
  ScheduleOutcome outcome;
  if (!recorded.waiting.empty()) {
    const auto shown = make_progress(progress, std::cerr, recorded.waiting.size());
    outcome = run_schedule(store, recorded.waiting, schedule, *shown);
  }
  std::vector<RunRow> runs;
  for (const results::RunId id : recorded.runs) {
    if (auto row = store.run(id)) runs.push_back(std::move(*row));
  }
  std::cout << results::format_table(results_table(runs), results::Format::table);
  return exit_code(outcome, runs);
}

int Run::run() const {
  const StopSignals signals;
  PluginHost host = plugins.open();
  const Notice notice = [this](const std::string& text) {
    CellMessage message;
    message.text = text;
    std::cerr << (progress == ProgressStyle::json ? message.line() : text) << std::endl;
  };
  PlanRequest request{files, sets, std::nullopt, offline, is_dry};
  if (!only.empty()) request.only = only;
  Plan plan;
  try {
    plan = make_plan(request, host, notice);
  } catch (const DataError&) {
    // Ctrl-C ended a download.
    if (StopSignals::first() != 0) return exit_code_of(StopSignals::first());
    throw;
  }
  const ScheduleOptions schedule{database.path, plugins.absolute_folders(), jobs, threads};
  if (!is_dry) return train(plan, host, schedule, notice);
  print_dry_run(plan, host, policy(), schedule, notice);
  return kDone;
}

}  // namespace

Command run_command() {
  return command<Run>(
      "run", "trains the cells of experiment files that are not done",
      "Trains the cells of experiment files that are not done, each in a process of its own. The same command again "
      "continues what was interrupted and retries what failed.\n\nExit codes: 0 all done, 1 some cells failed or "
      "diverged, 2 usage or configuration, 3 --only matches nothing, 4 database, 5 dataset, 6 plugin, 130 and 143 "
      "stopped by a signal.");
}

}  // namespace drawlab::runner
