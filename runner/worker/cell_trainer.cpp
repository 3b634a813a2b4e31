#include "runner/worker/cell_trainer.hpp"

#include "drawlab/error.hpp"

#include "host/dataset_host.hpp"
#include "results/database_error.hpp"
#include "runner/exit_code.hpp"
#include "runner/experiment/identity.hpp"
#include "runner/worker/cell_message.hpp"
#include "runner/worker/cell_pictures.hpp"
#include "runner/worker/checkpoint_slot.hpp"
#include "runner/worker/lease_keeper.hpp"
#include "system/machine.hpp"
#include "system/stop_signals.hpp"
#include "training/trainer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <utility>

namespace drawlab::runner {
namespace {

using results::Status;
using Event = CellMessage::Event;

constexpr std::chrono::milliseconds kProgressInterval{250};

/// How a cell ended, before it is recorded.
struct CellEnd {
  Status status = Status::failed;
  std::string text;
  std::int64_t step = 0;
};

/// Writes a cell's messages for the process that started it.
class CellReporter {
 public:
  explicit CellReporter(std::ostream& out) : out_(out) {}
  void report(const CellMessage& message) { out_ << message.line() << std::endl; }
  void report(Event event, const std::string& text, Status status = {}) {
    CellMessage message;
    message.event = event;
    message.text = text;
    message.status = status;
    report(message);
  }

 private:
  std::ostream& out_;
};

/// Records what the trainer reports and sends it to the runner.
class Recorder final : public TrainingObserver {
 public:
  Recorder(results::Store& store, results::RunId run, CheckpointSlot& slot, const LeaseKeeper& lease,
           CellReporter& reporter)
      : store_(store), run_(run), slot_(slot), lease_(lease), reporter_(reporter) {}

  /// `draws`: the model has a KL divergence.
  void set_total(std::int64_t epochs, std::int64_t steps, bool draws) {
    epochs_ = epochs;
    total_steps_ = epochs * steps;
    draws_ = draws;
  }

  void on_progress(const TrainingProgress& progress) override {
    total_step_ = progress.total_step;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < kProgressInterval) return;
    last_ = now;
    CellMessage message = place(Event::progress);
    message.phase = progress.phase;
    message.epoch = progress.epoch;
    message.step = progress.step;
    message.steps = progress.steps;
    message.samples_per_second = progress.samples_per_second;
    if (message.phase == Split::test) {
      message.epoch = epochs_;  // no epoch is under way any more
    } else {
      message.loss = progress.loss;
      if (draws_) message.kl = progress.kl;
    }
    reporter_.report(message);
  }

  void on_metrics(std::span<const Metric> metrics) override {
    store_.put_metrics(run_, metrics);
    CellMessage message = place(Event::epoch);
    bool validation = false;
    for (const auto& [epoch, name, value] : metrics) {
      if (name.split != Split::validation) continue;
      message.epoch = epoch;
      if (name.quantity == Quantity::kl) message.kl = value;
      if (name.quantity != Quantity::nll) continue;
      message.loss = value;
      validation = true;
    }
    if (validation) reporter_.report(message);
  }

  void on_confusion(Split split, std::span<const std::int64_t> counts) override {
    store_.put_confusion(run_, split, counts);
  }

  void on_checkpoint(const WrittenCheckpoint& checkpoint) override {
    if (lease_.lost()) return;  // the record belongs to the process that took over
    slot_.commit(checkpoint);
  }

  bool stop_requested() override { return StopSignals::first() != 0 || lease_.lost(); }

 private:
  CellMessage place(Event event) const {
    CellMessage message;
    message.event = event;
    message.epochs = epochs_;
    message.total_step = total_step_;
    message.total_steps = total_steps_;
    return message;
  }

  results::Store& store_;
  results::RunId run_;
  CheckpointSlot& slot_;
  const LeaseKeeper& lease_;
  CellReporter& reporter_;
  std::chrono::steady_clock::time_point last_{};
  std::int64_t epochs_ = 0;
  std::int64_t total_steps_ = 0;
  std::int64_t total_step_ = 0;
  bool draws_ = true;
};

/// A run with its lease held.
class CellTraining {
 public:
  CellTraining(results::Store& store, const results::RunRow& before, const CellOrder& order, const LeaseKeeper& lease,
               CellReporter& reporter)
      : store_(store), before_(before), order_(order), lease_(lease), reporter_(reporter) {}

  CellEnd train() {
    PluginHost plugins(order_.plugin_folders);
    const CellConfig cell = CellConfig::recorded(before_.configuration(), plugins);
    const auto dataset = DatasetHost(plugins, cell.seed).open(cell.dataset.name, cell.dataset.options);
    if (cell_identity(cell, dataset->info(), plugins) != before_.identity) {
      throw ConfigError(
          fmt::format("run {}: a plugin, the data or drawlab has changed since this run was planned; "
                      "`drawlab run` plans it anew",
                      before_.id));
    }
    CheckpointSlot slot(store_, before_);
    auto trainer = std::make_unique<Trainer>(cell, *dataset, plugins, order_.threads);
    const Start start = restore(*trainer, slot);
    // A damaged file may have overwritten parts of the first trainer.
    if (start == Start::spoilt) trainer = std::make_unique<Trainer>(cell, *dataset, plugins, order_.threads);

    CellMessage started;
    started.event = Event::started;
    started.threads = order_.threads;
    started.epoch = start == Start::resumed ? before_.epochs : 0;
    started.epochs = cell.training.epochs;
    started.text = start == Start::resumed ? "continues" : "starts";
    started.total_steps = trainer->steps_per_epoch() * cell.training.epochs;
    reporter_.report(started);

    Recorder recorder(store_, before_.id, slot, lease_, reporter_);
    recorder.set_total(cell.training.epochs, trainer->steps_per_epoch(), cell.task == Task::generate);
    const TrainingResult result = trainer->run(slot.target(), recorder);
    switch (result.ending) {
      case TrainingResult::Ending::stopped:
        return {Status::stopped, {}, 0};
      case TrainingResult::Ending::diverged:
        return {Status::diverged, result.message, result.total_step};
      case TrainingResult::Ending::finished:
        break;
    }
    if (!slot.current().empty()) {
      put_pictures(store_, before_.id, cell, *dataset, plugins, slot.current(), order_.threads, result.epoch);
    }
    return {Status::done, {}, 0};
  }

 private:
  enum class Start { beginning, resumed, spoilt };

  Start restore(Trainer& trainer, const CheckpointSlot& slot) {
    if (order_.from_start) return Start::beginning;
    std::string trouble;
    const auto checkpoint = slot.present(trouble);
    if (!checkpoint && trouble.empty()) return Start::beginning;
    if (checkpoint) {
      try {
        trainer.restore(*checkpoint);
        warn_if_moved();
        return Start::resumed;
      } catch (const DataError& error) {
        trouble = error.what();
      }
    }
    tell("restarted", trouble + "; starting from the beginning");
    return checkpoint ? Start::spoilt : Start::beginning;
  }

  void warn_if_moved() {
    if (before_.instruction_set.empty() || before_.instruction_set == instruction_set()) return;
    tell("moved", fmt::format("continues on {}, was trained on {}: the last digits may differ", instruction_set(),
                              before_.instruction_set));
  }

  void tell(const std::string& event, const std::string& text) {
    store_.put_event(before_.id, event, text);
    reporter_.report(Event::notice, text);
  }

  results::Store& store_;
  const results::RunRow& before_;
  const CellOrder& order_;
  const LeaseKeeper& lease_;
  CellReporter& reporter_;
};

/// Turns any error during training into the cell's failure.
CellEnd train_to_end(CellTraining& training) {
  try {
    return training.train();
  } catch (const std::bad_alloc&) {
    return {Status::failed, "out of memory", 0};
  } catch (const std::exception& error) {
    return {Status::failed, error.what(), 0};
  }
}

}  // namespace

int train_cell(const CellOrder& order, std::ostream& out) {
  const StopSignals signals;
  CellReporter reporter(out);
  results::Store store(order.database);
  std::optional<results::RunRow> before = store.run(order.run);
  if (!before) throw ConfigError(fmt::format("no run {} in {}", order.run, order.database.string()));
  const std::string holder = order.holder.empty() ? lease_holder() : order.holder;
  if (!store.acquire(order.run, holder, {host_name(), processor_name(), instruction_set(), order.threads, getpid()})) {
    const bool done = store.run(order.run)->status == Status::done;
    reporter.report(Event::left, done ? "is done already" : "is being trained by another process");
    return kLeftToAnother;
  }
  before = store.run(order.run);  // the previous holder may have written a checkpoint since
  LeaseKeeper lease(order.database, order.run, holder);
  CellTraining training(store, *before, order, lease, reporter);
  const CellEnd end = train_to_end(training);
  lease.finish();
  if (lease.lost()) {
    reporter.report(Event::left, "was taken over by another process");
    return kLeftToAnother;
  }
  store.release(order.run, holder, end.status, end.text, end.step);
  reporter.report(Event::ended, end.text, end.status);
  if (end.status == Status::stopped) return exit_code_of(StopSignals::first());
  return end.status == Status::done ? 0 : 1;
}

}  // namespace drawlab::runner
