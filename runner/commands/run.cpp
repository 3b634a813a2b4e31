#include "drawlab/error.hpp"

#include "host/plugin_host.hpp"
#include "results/format.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/exit_code.hpp"
#include "runner/experiment/plan.hpp"
#include "runner/schedule/adoption.hpp"
#include "runner/schedule/history.hpp"
#include "runner/schedule/memory_fit.hpp"
#include "runner/schedule/progress.hpp"
#include "runner/schedule/scheduler.hpp"
#include "system/machine.hpp"
#include "system/stop_signals.hpp"
#include "system/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

using results::Status;

struct RunOptions {
  PlanRequest request;
  ScheduleOptions schedule;
  std::vector<std::filesystem::path> plugin_folders;
  ProgressStyle progress = ProgressStyle::automatic;
  bool rerun = false;
  bool retry_diverged = false;
  bool adopt = false;
  std::string command;  // the whole command, as it may be typed again
};

void declare(Arguments& arguments) {
  arguments.positional("FILE", true);
  arguments.add()("set", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                  "set a value of `base`, such as training.epochs=2; may be given several times");
  arguments.add()("only", po::value<std::string>()->value_name("TEXT"), "only cells whose name contains the text");
  add_database_option(arguments);
  arguments.add()("jobs", po::value<int>()->value_name("N"), "cells side by side; by default as the cores allow");
  arguments.add()("threads", po::value<int>()->value_name("N"), "threads of each cell; by default as the cores allow");
  arguments.add()("dry-run", "print the cells and how they stand, and train nothing");
  arguments.add()("offline", "download nothing");
  arguments.add()("rerun", "train cells that are done once more, beside the old record");
  arguments.add()("retry-diverged", "train cells that diverged once more");
  arguments.add()("adopt", "continue unfinished cells that another build of drawlab or of a plugin began");
  add_plugin_path_option(arguments);
  arguments.add()("progress", po::value<std::string>()->value_name("STYLE")->default_value("auto"),
                  "auto, bar, plain, json or none");
}

int positive(const po::variables_map& values, const std::string& name) {
  if (values.count(name) == 0) return 0;
  const int value = values[name].as<int>();
  if (value < 1 || value > 4096) throw ConfigError(fmt::format("--{}: {} is outside 1..4096", name, value));
  return value;
}

ProgressStyle progress_style(const std::string& word) {
  require_word("progress", word, {"auto", "bar", "plain", "json", "none"});
  if (word == "bar") return ProgressStyle::bar;
  if (word == "plain") return ProgressStyle::plain;
  if (word == "json") return ProgressStyle::json;
  return word == "none" ? ProgressStyle::none : ProgressStyle::automatic;
}

RunOptions options_of(const po::variables_map& values) {
  RunOptions options;
  required_word(values, "FILE", "the experiment file to run, such as experiments/attention_ablation.yaml");
  for (const std::string& file : words_of(values, "FILE")) options.request.files.emplace_back(file);
  for (const std::string& word : words_of(values, "set")) options.request.sets.push_back(setting_of(word));
  if (values.count("only") > 0) options.request.only = values["only"].as<std::string>();
  options.request.offline = values.count("offline") > 0;
  options.request.dry_run = values.count("dry-run") > 0;
  options.plugin_folders = plugin_folders(values);
  options.schedule = {database_path(values), options.plugin_folders, positive(values, "jobs"),
                      positive(values, "threads")};
  options.progress = progress_style(values["progress"].as<std::string>());
  options.rerun = values.count("rerun") > 0;
  options.retry_diverged = values.count("retry-diverged") > 0;
  options.adopt = values.count("adopt") > 0;
  return options;
}

results::Cell number(const std::optional<double>& value) {
  return value ? results::Cell(*value) : results::Cell(std::monostate());
}

/// A word as a shell takes it back.
std::string shell_word(const std::string& word) {
  const auto plain = [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           std::string_view("_-+=./,:@%").find(letter) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string quoted = "'";
  for (const char letter : word) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + '\'';
}

/// What a run would do with a cell.
enum class Intent { train, skip_done, skip_diverged };

Intent intent_of(const std::optional<results::RunRow>& row, const RunOptions& options) {
  if (!row) return Intent::train;
  if (row->status == Status::done && !options.rerun) return Intent::skip_done;
  if (row->status == Status::diverged && !options.retry_diverged && !options.rerun) return Intent::skip_diverged;
  return Intent::train;
}

/// Before there is a Progress to say it.
void say(const RunOptions& options, const std::string& text) {
  CellMessage message;
  message.text = text;
  std::cerr << (options.progress == ProgressStyle::json ? message.line() : text) << std::endl;
}

/// What --adopt would do, or does, with a run of another build.
void say_adoptable(const results::RunRow& row, const RunOptions& options) {
  say(options, adoption_text(row) + (options.adopt ? "; it is continued" : "; --adopt continues it"));
}

int dry_run(const Plan& plan, PluginHost& plugins, const RunOptions& options) {
  std::unique_ptr<results::Store> store;
  if (std::filesystem::exists(options.schedule.database)) {
    store = std::make_unique<results::Store>(options.schedule.database, results::Store::Mode::read_only);
  }
  std::vector<results::RunRow> history;
  if (store) history = store->runs();
  int waiting = 0;
  std::vector<std::pair<const PlannedCell*, std::optional<results::RunRow>>> cells;
  for (const auto& experiment : plan.experiments) {
    for (const PlannedCell& cell : experiment.cells) {
      std::optional<results::RunRow> row;
      if (store && !cell.run.identity.empty()) {
        row = store->find_run(experiment.name, cell.run.identity);
        if (const auto other = run_of_another_build(cell, *store, plugins)) {
          say_adoptable(*other, options);
          if (options.adopt) row = other;
        }
      }
      if (intent_of(row, options) == Intent::train) ++waiting;
      cells.emplace_back(&cell, std::move(row));
    }
  }
  const CoreSplit split = split_cores(usable_cores(), waiting, 0, 0, options.schedule);
  results::Table table{{"experiment", "cell", "dataset", "state", "run", "estimate"}, {}};
  double total = 0;
  bool all_known = true;
  for (const auto& [cell, row] : cells) {
    std::string estimate;
    if (intent_of(row, options) == Intent::train) {
      const bool afresh = row && (row->status == Status::done || row->status == Status::diverged);
      const auto seconds = estimate_seconds(cell->run.config, afresh ? std::nullopt : row, history, split.threads);
      all_known = all_known && seconds.has_value();
      total += seconds.value_or(0);
      estimate = seconds ? duration_text(*seconds) : "unknown";
    }
    table.rows.push_back({cell->run.experiment, cell->title, cell->run.dataset, state_text(row),
                          row ? results::Cell(row->id) : results::Cell(std::monostate()), estimate});
  }
  std::cout << results::format_table(table, results::Format::table);
  std::cerr << fmt::format(
      "{} of {} cells to train, {} at a time on {} thread{} each{}\n", waiting, cells.size(),
      std::min(split.jobs, std::max(waiting, 1)), split.threads, split.threads == 1 ? "" : "s",
      waiting > 0 && all_known ? fmt::format(", about {} in all", duration_text(total / split.jobs)) : "");
  return kDone;
}

/// Records the plan and picks what is to be trained; `planned` gets those cells in the same order.
std::vector<ScheduledCell> record(results::Store& store, const Plan& plan, PluginHost& plugins,
                                  const RunOptions& options, std::vector<results::RunId>& all,
                                  std::vector<const PlannedCell*>& planned) {
  std::vector<ScheduledCell> waiting;
  int done = 0;
  int diverged = 0;
  for (const auto& experiment : plan.experiments) {
    store.put_experiment(experiment.name, experiment.description, experiment.file.string(), experiment.text);
    for (const PlannedCell& cell : experiment.cells) {
      if (const auto other = run_of_another_build(cell, store, plugins)) {
        say_adoptable(*other, options);
        if (options.adopt && store.adopt_run(other->id, cell.run)) {
          store.put_event(other->id, "adopted",
                          fmt::format("begun by another build (drawlab {}) as {}, continued from epoch {} as {}",
                                      other->version, other->identity, other->epochs, cell.run.identity));
        }
      }
      const auto row = store.find_run(experiment.name, cell.run.identity);
      const bool fresh = options.rerun && row && (row->status == Status::done || row->status == Status::diverged);
      const results::RunId id = store.put_run(cell.run, fresh);
      all.push_back(id);
      switch (intent_of(row, options)) {
        case Intent::skip_done:
          ++done;
          continue;
        case Intent::skip_diverged:
          ++diverged;
          continue;
        case Intent::train:
          break;
      }
      store.put_event(id, "command", options.command);
      ScheduledCell scheduled{{id, cell.title}, false, Status::pending, {}};
      if (row && !fresh) {
        scheduled.from_start = row->status == Status::diverged;
        scheduled.planned_as = row->status;
        scheduled.planned_finished = row->finished;
      }
      waiting.push_back(std::move(scheduled));
      planned.push_back(&cell);
    }
  }
  if (done > 0) say(options, fmt::format("{} of {} cells are done already", done, plan.cell_count()));
  if (diverged > 0) {
    say(options, fmt::format("{} of {} cells diverged and are left alone; --retry-diverged trains them again", diverged,
                             plan.cell_count()));
  }
  return waiting;
}

void print_results(const results::Store& store, const std::vector<results::RunId>& ids) {
  std::vector<results::RunRow> rows;
  for (const results::RunId id : ids) {
    if (auto row = store.run(id)) rows.push_back(std::move(*row));
  }
  const auto any = [&](Task task) {
    return std::any_of(rows.begin(), rows.end(), [&](const results::RunRow& row) { return row.task == task; });
  };
  const bool draws = any(Task::generate);
  const bool classifies = any(Task::classify);
  results::Table table{{"run", "cell", "seed", "dataset", "status", "epochs", "validation_nll", "test_nll"}, {}};
  if (draws) table.columns.insert(table.columns.end(), {"test_reconstruction", "test_kl"});
  if (classifies) table.columns.emplace_back("test_error");
  table.columns.emplace_back("seconds");
  for (const results::RunRow& row : rows) {
    std::vector<results::Cell> cells = {row.id,
                                        row.label,
                                        static_cast<std::int64_t>(row.seed),
                                        row.dataset,
                                        state_text(row),
                                        row.epochs,
                                        number(row.best_nll),
                                        number(row.test_nll)};
    if (draws) cells.insert(cells.end(), {number(row.test_reconstruction), number(row.test_kl)});
    if (classifies) cells.push_back(number(row.test_error));
    cells.emplace_back(row.seconds);
    table.rows.push_back(std::move(cells));
  }
  std::cout << results::format_table(table, results::Format::table);
}

/// A grid of which a cell has failed or diverged is not done, whenever that was.
int exit_code(const ScheduleOutcome& outcome, const results::Store& store, const std::vector<results::RunId>& ids) {
  if (outcome.signal != 0) return exit_code_of(outcome.signal);
  if (!outcome.database_trouble.empty()) {
    std::cerr << outcome.database_trouble << '\n';
    return kDatabase;
  }
  const bool broken = std::any_of(ids.begin(), ids.end(), [&](results::RunId id) {
    const auto row = store.run(id);
    return row && (row->status == Status::failed || row->status == Status::diverged);
  });
  return broken ? kSomeFailed : kDone;
}

/// Cells that do not fit into memory side by side run with fewer beside them, unless --jobs insists.
void fit_memory(std::span<const PlannedCell* const> waiting, PluginHost& plugins, RunOptions& options) {
  const CoreSplit split = split_cores(usable_cores(), static_cast<int>(waiting.size()), 0, 0, options.schedule);
  const std::size_t available = available_memory();
  if (available == 0) return;
  std::vector<MemoryNeed> needs;
  std::map<std::string, std::optional<MemoryNeed>> known;  // another seed changes nothing about it
  for (const PlannedCell* const cell : waiting) {
    CellConfig config = cell->config;
    config.seed = 0;
    const std::string key = cell->data.checksum + to_json(config.resolved(plugins, true));
    auto found = known.find(key);
    if (found == known.end()) found = known.emplace(key, memory_need(config, cell->data, plugins)).first;
    if (found->second) needs.push_back(*found->second);
  }
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
  if (options.schedule.jobs > 0) {
    text += fmt::format("--jobs {} may be too many", options.schedule.jobs);
  } else {
    options.schedule.jobs = fit.jobs;
    // Cores that other cells no longer take must not bring their memory back as threads.
    if (options.schedule.threads == 0) options.schedule.threads = fit.threads;
    text += fit.fits ? fmt::format("{} at a time on {} thread{} each", fit.jobs, options.schedule.threads,
                                   options.schedule.threads == 1 ? "" : "s")
                     : "it may not fit";
  }
  say(options, text);
}

int train(const Plan& plan, PluginHost& plugins, RunOptions options) {
  results::Store store(options.schedule.database);
  std::vector<results::RunId> all;
  std::vector<const PlannedCell*> planned;
  const std::vector<ScheduledCell> waiting = record(store, plan, plugins, options, all, planned);
  fit_memory(planned, plugins, options);
  ScheduleOutcome outcome;
  if (!waiting.empty()) {
    const auto progress = make_progress(options.progress, std::cerr, waiting.size());
    outcome = run_schedule(store, waiting, options.schedule, *progress);
  }
  print_results(store, all);
  return exit_code(outcome, store, all);
}

}  // namespace

int run_command(const std::vector<std::string>& words) {
  Arguments arguments("run FILE… [options]",
                      "Trains the cells of experiment files that are not done, each in a process of its own. The same "
                      "command again\ncontinues what was interrupted and retries what failed.\n\nExit codes: 0 all "
                      "done, 1 some cells failed or diverged, 2 usage or configuration, 3 --only matches nothing,\n4 "
                      "database, 5 dataset, 6 plugin, 130 and 143 stopped by a signal.");
  declare(arguments);
  const auto values = arguments.parse(words, std::cout);
  if (!values) return kDone;
  RunOptions options = options_of(*values);
  options.command = "drawlab run";
  for (const std::string& word : words) options.command += ' ' + shell_word(word);
  const StopSignals signals;
  PluginHost plugins(PluginHost::standard_folders(options.plugin_folders));
  const auto notice = [&](const std::string& text) { say(options, text); };
  Plan plan;
  try {
    plan = make_plan(options.request, plugins, notice);
  } catch (const DataError&) {
    // A download that Ctrl-C ended.
    if (StopSignals::first() != 0) return exit_code_of(StopSignals::first());
    throw;
  }
  return options.request.dry_run ? dry_run(plan, plugins, options) : train(plan, plugins, options);
}

}  // namespace drawlab::runner
