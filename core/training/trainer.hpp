#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"
#include "system/write_file.hpp"
#include "training/metric.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace drawlab {

struct TrainingProgress {
  std::int64_t epoch;  // 1-based
  std::int64_t epochs;
  std::int64_t step;        // within the epoch, 1-based
  std::int64_t steps;       // per epoch
  std::int64_t total_step;  // since the start of the run
  double loss;              // mean over this epoch so far, nats per image, KL at weight 1
  double kl;
  double samples_per_second;  // recent
  Split phase;                // trained on, validated or tested
};

/// A checkpoint on disk whose file has no name yet.
struct WrittenCheckpoint {
  FileWriter& file;
  std::string sha256;
  std::int64_t epoch;  // finished
  std::int64_t total_step;
};

/// Receives what happens during training. All calls come from the training thread, one at a time.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  virtual void on_progress(const TrainingProgress&) {}
  /// Called after each epoch (train and validation metrics) and once at the end (test metrics). A resumed run may
  /// repeat metrics, so replace earlier values.
  virtual void on_metrics(std::span<const Metric>) {}
  /// Called once at the end, for classifiers only: how often each label (row) was classified as each class (column),
  /// [K,K].
  virtual void on_confusion(Split, std::span<const std::int64_t> /*counts*/) {}
  /// Called once a checkpoint is written. Its file exists only after it is committed.
  virtual void on_checkpoint(const WrittenCheckpoint& checkpoint) { checkpoint.file.commit(); }
  /// Called after every step. If it returns true, the trainer writes a checkpoint and returns.
  virtual bool stop_requested() { return false; }
};

struct TrainingResult {
  enum class Ending { finished, stopped, diverged } ending;
  std::int64_t epoch = 0;       // epochs finished
  std::int64_t total_step = 0;  // where the run ended or diverged
  std::string message;          // if diverged: what was not finite, and where
  std::int64_t best_epoch = 0;  // epoch of the weights with the best validation bound; 0: none yet
};

/// Trains one cell from its first step, or from its checkpoint, to its test result. The number of threads does not
/// change any bit of the result.
class Trainer {
 public:
  /// `dataset` must outlive the trainer. Throws ConfigError if the model does not fit the dataset.
  Trainer(const CellConfig& cell, const Dataset& dataset, PluginHost& plugins, int threads);
  ~Trainer();

  std::int64_t steps_per_epoch() const;

  /// Continues from a checkpoint. Throws DataError if the file is cut, damaged or belongs to another model.
  void restore(const std::filesystem::path& checkpoint);
  /// Trains to the end or until the observer asks to stop. Writes `checkpoint` after every epoch, every
  /// checkpoint_seconds in between, and at a stop. Throws SystemError if it cannot be written.
  TrainingResult run(const std::filesystem::path& checkpoint, TrainingObserver& observer);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drawlab
