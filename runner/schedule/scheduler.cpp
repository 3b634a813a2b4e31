#include "runner/schedule/scheduler.hpp"

#include "results/database_error.hpp"
#include "runner/worker/lease_keeper.hpp"
#include "system/child_process.hpp"
#include "system/machine.hpp"
#include "system/stop_signals.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace drawlab::runner {
namespace {

using Event = CellMessage::Event;
using results::Status;

constexpr int kPollMilliseconds = 100;

/// A cell's process and its output so far.
struct RunningCell {
  ScheduledCell cell;
  std::string holder;
  int threads = 1;
  std::unique_ptr<Process> process;
  std::string output;                      // the start of a line
  std::string errors;                      // the same for its standard error
  std::string last_error;                  // its last complete line of standard error
  std::optional<CellMessage> last_report;  // ended or left
};

/// Removes the complete lines from a text and returns them.
std::vector<std::string> take_lines(std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    lines.push_back(text.substr(start, end - start));
  }
  text.erase(0, start);
  return lines;
}

class Schedule {
 public:
  Schedule(results::Store& store, std::span<const ScheduledCell> cells, const ScheduleOptions& options,
           Progress& progress)
      : store_(store), waiting_(cells.begin(), cells.end()), options_(options), progress_(progress) {}

  ScheduleOutcome run() {
    while (true) {
      if (!stopping()) start_what_fits();
      if (running_.empty() && (waiting_.empty() || stopping())) break;
      wait();
      pass_on_signals();
      for (auto& cell : running_) listen(*cell);
      collect();
      progress_.tick();
    }
    outcome_.signal = StopSignals::first();
    return outcome_;
  }

 private:
  bool stopping() const { return StopSignals::first() != 0; }

  void start_what_fits() {
    while (!waiting_.empty()) {
      int busy = 0;
      for (const auto& cell : running_) busy += cell->threads;
      const CoreSplit split = split_cores(usable_cores(), static_cast<int>(waiting_.size()),
                                          static_cast<int>(running_.size()), busy, options_);
      if (static_cast<int>(running_.size()) >= split.jobs) return;
      const ScheduledCell cell = waiting_.front();
      waiting_.pop_front();
      if (!was_ended_by_another(cell)) start(cell, split.threads);
    }
  }

  /// Another runner may have finished the cell since this one planned it.
  bool was_ended_by_another(const ScheduledCell& cell) {
    const auto row = store_.run(cell.name.run);
    const bool ended =
        row && (row->status == Status::done || row->status == Status::failed || row->status == Status::diverged);
    if (!ended || (row->status == cell.planned_as && row->finished == cell.planned_finished)) return false;
    leave(cell, fmt::format("another runner has just ended it: {}", results::status_name(row->status)));
    return true;
  }

  void leave(const ScheduledCell& cell, const std::string& text) {
    CellMessage message;
    message.event = Event::left;
    message.text = text;
    progress_.message(cell.name, message);
    ++outcome_.left;
  }

  void start(const ScheduledCell& cell, int threads) {
    auto running = std::make_unique<RunningCell>();
    running->cell = cell;
    running->holder = lease_holder();
    running->threads = threads;
    std::vector<std::string> arguments = {"/proc/self/exe", "cell",
                                          "--db",           options_.database.string(),
                                          "--run",          std::to_string(cell.name.run),
                                          "--threads",      std::to_string(threads),
                                          "--holder",       running->holder};
    if (cell.from_start) arguments.emplace_back("--from-start");
    for (const auto& folder : options_.plugin_folders) {
      arguments.emplace_back("--plugin-path");
      arguments.push_back(folder.string());
    }
    running->process = std::make_unique<Process>(arguments);
    running_.push_back(std::move(running));
  }

  void wait() {
    std::vector<pollfd> waiting = {{StopSignals::descriptor(), POLLIN, 0}};
    for (const auto& cell : running_) {
      waiting.push_back({cell->process->output(), POLLIN, 0});
      waiting.push_back({cell->process->errors(), POLLIN, 0});
    }
    if (::poll(waiting.data(), waiting.size(), kPollMilliseconds) > 0 && (waiting.front().revents & POLLIN) != 0) {
      std::string drained;
      read_available(StopSignals::descriptor(), drained);
    }
  }

  void pass_on_signals() {
    const int count = StopSignals::count();
    if (count == passed_on_) return;
    if (passed_on_ == 0) {
      progress_.notice("stopping: the cells write their checkpoints; once more kills them");
      for (const auto& cell : running_) cell->process->signal(SIGTERM);
    } else {
      for (const auto& cell : running_) cell->process->signal(SIGKILL);
    }
    passed_on_ = count;
  }

  void listen(RunningCell& cell) {
    read_available(cell.process->output(), cell.output);
    for (const std::string& line : take_lines(cell.output)) {
      const auto message = CellMessage::from_line(line);
      if (!message) continue;
      if (message->event == Event::ended || message->event == Event::left) {
        cell.last_report = message;
      } else {
        progress_.message(cell.cell.name, *message);
      }
    }
    read_available(cell.process->errors(), cell.errors);
    for (const std::string& line : take_lines(cell.errors)) {
      if (line.empty()) continue;
      progress_.notice(fmt::format("{}: {}", cell.cell.name.title, line));
      cell.last_error = line;
    }
  }

  void collect() {
    for (auto& cell : running_) {
      const auto end = cell->process->poll();
      if (!end) continue;
      listen(*cell);
      finish(*cell, *end);
      cell.reset();
    }
    std::erase(running_, nullptr);
  }

  void finish(RunningCell& cell, const ProcessEnd& end) {
    if (cell.last_report && cell.last_report->event == Event::left) {
      leave(cell.cell, cell.last_report->text);
      return;
    }
    if (!cell.last_report) cell.last_report = report_for_silent_exit(cell, end);
    count(cell.last_report->status);
    progress_.message(cell.cell.name, *cell.last_report);
  }

  void count(Status status) {
    if (status == Status::done) ++outcome_.done;
    if (status == Status::failed) ++outcome_.failed;
    if (status == Status::diverged) ++outcome_.diverged;
    if (status == Status::stopped) ++outcome_.stopped;
  }

  /// Records the end of a process that ended without reporting it, and returns the report in its place.
  CellMessage report_for_silent_exit(const RunningCell& cell, const ProcessEnd& end) {
    CellMessage message;
    message.event = Event::ended;
    if (stopping() && (end.signal == SIGKILL || end.signal == SIGTERM)) {
      message.status = Status::stopped;
    } else {
      message.text = "its process " + end.sentence();
      if (end.signal == 0 && !cell.last_error.empty()) message.text = cell.last_error;
      if (end.signal != 0 && !cell.last_error.empty()) message.text += fmt::format("; it said: {}", cell.last_error);
    }
    try {
      store_.abandon(cell.cell.name.run, cell.holder, message.status, message.text);
    } catch (const results::DatabaseError& error) {
      outcome_.database_trouble = error.what();
    }
    return message;
  }

  results::Store& store_;
  std::deque<ScheduledCell> waiting_;
  const ScheduleOptions& options_;
  Progress& progress_;
  std::vector<std::unique_ptr<RunningCell>> running_;
  ScheduleOutcome outcome_;
  int passed_on_ = 0;
};

}  // namespace

CoreSplit split_cores(int cores, int waiting, int running, int busy, const ScheduleOptions& options) {
  const int wanted = std::max(1, running + waiting);
  if (options.jobs > 0) {
    const int threads = options.threads > 0 ? options.threads : std::max(1, cores / std::min(options.jobs, wanted));
    return {options.jobs, threads};
  }
  if (options.threads > 0) return {std::max(1, cores / options.threads), options.threads};
  if (running == 0) return waiting >= cores ? CoreSplit{cores, 1} : CoreSplit{1, cores};
  const int free = cores - busy;
  if (free <= 0) return {running, 1};
  return {running + 1, waiting >= free ? 1 : free};
}

ScheduleOutcome run_schedule(results::Store& store, std::span<const ScheduledCell> cells,
                             const ScheduleOptions& options, Progress& progress) {
  return Schedule(store, cells, options, progress).run();
}

}  // namespace drawlab::runner
