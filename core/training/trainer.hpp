#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "model/drawing.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace drawlab {

/// One number of a run's record. Likelihoods are in nats per image.
struct Metric {
  std::int64_t epoch;  // epochs finished; 0: before training
  Split split;
  std::string name;  // nll, reconstruction, kl, kl_glimpse_<t>, nll_per_dimension, error, gradient_norm, kl_weight,
                     // learning_rate
  double value;
};

struct TrainingProgress {
  std::int64_t epoch;  // 1-based
  std::int64_t epochs;
  std::int64_t step;        // within the epoch, 1-based
  std::int64_t steps;       // of an epoch
  std::int64_t total_step;  // since the start of the run
  double loss;              // mean of this epoch so far, nats per image, KL at weight 1
  double kl;
  double samples_per_second;  // recent
  const char* phase;          // "train", "validation", "test"
};

/// What the trainer tells whoever runs it; called from the training thread, never concurrently.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  virtual void on_progress(const TrainingProgress&) {}
  /// After each epoch (train, validation), and once after the last (test). Repeated after a resume: upsert.
  virtual void on_metrics(std::span<const Metric>) {}
  /// Of a classifier, once after the last epoch: how often each label (row) was taken for each class (column) of the
  /// test split, [K,K].
  virtual void on_confusion(Split, std::span<const std::int64_t> /*counts*/) {}
  /// A checkpoint was written, synced and renamed into place.
  virtual void on_checkpoint(const std::filesystem::path&, std::int64_t /*epoch*/, std::int64_t /*total_step*/) {}
  /// Asked after every step; true: checkpoint and return.
  virtual bool stop_requested() { return false; }
};

struct TrainingResult {
  enum class Ending { finished, stopped, diverged } ending;
  std::int64_t epoch = 0;       // epochs finished
  std::int64_t total_step = 0;  // where it ended or diverged
  std::string message;          // of a divergence: what was not finite, and where
  std::int64_t best_epoch = 0;  // of the weights best on validation
};

/// A bound averaged over a split.
struct Evaluation {
  std::int64_t samples = 0;
  double nll = 0;  // reconstruction + kl (generate), cross-entropy (classify), nats per image
  double reconstruction = 0;
  double kl = 0;
  double error = 0;                     // share of wrong labels (classify)
  std::vector<double> kl_glimpse;       // [T]
  std::vector<std::int64_t> confusion;  // [K,K], by label and guess (classify)
};

/// The importance-weighted bound averaged over a split.
struct ImportanceBound {
  std::int64_t samples = 0;
  std::int64_t draws = 0;      // K, of the latents for every sample
  double nll = 0;              // nats per image
  double standard_error = 0;   // of nll, from the draws alone; not-a-number where K is 1
  double effective_draws = 0;  // (Σw)²/Σw² averaged over the samples, 1…K
};

/// Trains one cell from its start or its checkpoint to its end; the same bits with any number of threads.
class Trainer {
 public:
  /// `dataset` must outlive the trainer. Throws ConfigError where model and dataset do not fit.
  Trainer(const CellConfig& cell, const Dataset& dataset, PluginHost& plugins, int threads);
  ~Trainer();

  std::int64_t parameter_count() const;
  std::int64_t steps_per_epoch() const;

  /// Continues from a checkpoint; throws DataError where the file is cut, damaged or of another model.
  void restore(const std::filesystem::path& checkpoint);
  /// Trains to the end or until the observer asks to stop; checkpoints go to `checkpoint` at every epoch's end, every
  /// checkpoint_seconds between, and at a stop. Throws SystemError where one cannot be written.
  TrainingResult run(const std::filesystem::path& checkpoint, TrainingObserver& observer);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A finished or unfinished run's weights, ready to draw and to be judged.
class TrainedModel {
 public:
  enum class Weights { best, last };
  /// Loads the weights of a checkpoint. Throws DataError.
  TrainedModel(const CellConfig& cell, const ImageShape& image, int classes, PluginHost& plugins,
               const std::filesystem::path& checkpoint, int threads, Weights which = Weights::best);
  ~TrainedModel();

  /// The mean bound over a split (its first `limit` samples where not 0). `pass` names the noise: pass 0 is the one
  /// that training records.
  Evaluation evaluate(const Dataset& dataset, Split split, std::int64_t limit = 0, std::uint64_t pass = 0) const;
  /// The importance-weighted bound of Burda et al. (2016) from the noise of passes `first` … first + draws − 1; with
  /// one draw an estimate of the plain bound, with more a tighter one. `progress(share)` hears now and then how much is
  /// done. Throws Error where the model has no latents.
  ImportanceBound importance_bound(const Dataset& dataset, Split split, std::int64_t limit, std::int64_t draws,
                                   std::uint64_t first, const std::function<void(double)>& progress) const;
  /// Equations 7 and 8 on z ~ N(0, temperature²).
  Drawing sample(std::int64_t count, std::uint64_t seed, double temperature = 1) const;
  /// Reconstructions of the given samples, with the windows through which they were read and written; of a classifier
  /// the samples themselves, the windows through which it looked, and what it took them for.
  Drawing reconstruct(const Dataset& dataset, Split split, std::span<const std::int64_t> indices) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drawlab
