#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace drawlab::results {

using RunId = std::int64_t;

/// How often the holder of a lease has to call Store::heartbeat, and after how long without it the lease has lapsed.
inline constexpr int kHeartbeatSeconds = 2;
inline constexpr int kLeaseSeconds = 10;

/// `pending`: never started. `running` without a live lease is shown as `interrupted` by the views.
enum class Status { pending, running, stopped, done, diverged, failed };
const char* status_name(Status status);

/// What is known of a cell before it trains.
struct NewRun {
  std::string experiment;
  std::string label;     // what the grid varies in this cell: "read=gaussian(size=2) write=global"
  std::string identity;  // hash of everything that matters to the result
  std::string config;    // resolved configuration, JSON
  std::string task, dataset, read, write;
  std::uint64_t seed = 0;
  std::int64_t repeat = 0;
  std::string git_commit;  // of the experiment file's folder; empty: none
  bool git_dirty = false;
  std::string version;  // drawlab's
  struct Plugin {
    std::string kind, name, version, sha256, path;
  };
  std::vector<Plugin> plugins;
  struct Dataset {
    std::string name, checksum, provenance;
    std::vector<std::pair<std::string, std::string>> sources;
  };
  Dataset data;
};

/// Where a run trains.
struct Machine {
  std::string host, processor, instruction_set;
  int threads = 1;
  std::int64_t process = 0;
};

struct RunRow {
  RunId id = 0;
  std::string experiment, label, identity, config, dataset, task, read, write;
  std::string dataset_checksums;  // the dataset's, and as JSON those of what it is made of
  std::uint64_t seed = 0;
  Status status = Status::pending;
  bool interrupted = false;  // running or stopped without a live lease; a dead holder on this machine counts at once
  std::int64_t epochs = 0;   // finished
  std::string error;
  std::int64_t diverged_step = 0;
  double seconds = 0;              // of training, over all its sessions
  std::optional<double> best_nll;  // validation
  std::optional<double> test_nll, test_reconstruction, test_kl, test_error;
  std::string checkpoint;  // relative to the database's folder; empty: none yet
  std::string checkpoint_sha256;
  std::string started, finished;  // UTC, ISO 8601; empty: not yet
  std::string version, host, processor, instruction_set, git_commit;
  bool git_dirty = false;
  int threads = 0;
};

/// What an experiment's file said when it was last run.
struct ExperimentRow {
  std::string name, description, file, text;
};

struct MetricRow {
  std::int64_t epoch = 0;
  std::string split, name;
  double value = 0;  // not-a-number and infinities are stored as such by a flag
};

struct ImageRow {
  std::string kind;    // samples, sequence, reconstructions, data, neighbours
  std::string name;    // "samples", "drawing_00", …; with kind, unique within a run
  std::string format;  // png, webp
  std::string caption;
  std::int64_t epoch = 0;
  std::vector<std::uint8_t> bytes;
};

/// A bound measured after training. Only a plain one may be compared with published plain bounds.
struct EvaluationRow {
  std::string split;
  std::int64_t samples = 0;
  std::string kind;                     // plain, importance
  std::int64_t passes = 1;              // that nll is the mean of
  std::int64_t importance_samples = 1;  // K; 1 for a plain bound
  double nll = 0;                       // nats per image
  std::optional<double> standard_error, reconstruction, kl, error, effective_samples;
  std::string checkpoint_sha256;  // of the weights
  std::string version;            // drawlab's
  std::string evaluated;          // UTC, ISO 8601; set by the store
};

/// The results database: SQLite, made in WAL mode, every write a transaction of its own. May be used from many threads
/// at once, but not on both sides of a fork. Throws DatabaseError.
class Store {
 public:
  enum class Mode { read_only, read_write };
  /// Opens, and in read_write creates and migrates. Refuses a database written by a newer drawlab, one that is not
  /// drawlab's, and one in a folder that cannot be written, each in one sentence.
  explicit Store(const std::filesystem::path& path, Mode mode = Mode::read_write);
  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;

  const std::filesystem::path& path() const;
  /// What SQLite finds damaged in the file, the first of it; empty: nothing. Reads all of it.
  std::string damage() const;
  /// <folder of the database>/checkpoints.
  std::filesystem::path checkpoint_folder() const;
  /// What is stored of a path: relative to the database's folder where it lies below it, else absolute.
  std::string relative(const std::filesystem::path& file) const;

  /// The experiment's row is made or brought up to date (its file's text and description are kept).
  void put_experiment(const std::string& name, const std::string& description, const std::string& file,
                      const std::string& text);
  /// Empty texts where there is none of that name.
  ExperimentRow experiment(const std::string& name) const;
  /// As RunRow::dataset_checksums, of data that may not be on record.
  static std::string checksums_text(const NewRun::Dataset& data);
  /// A run's dataset in a sentence: name, checksum, provenance, and what it is made of.
  std::string dataset_text(RunId id) const;
  /// The run of that experiment and identity (the latest of several), made where there is none; `fresh` makes a new
  /// one beside an old one. A run that is neither done nor held takes over what the identity leaves open (paths, git).
  RunId put_run(const NewRun& run, bool fresh = false);
  /// Gives a run that another build began to the one that `run` plans: its identity and all that follows from it. False
  /// where it is done or held, or that identity has a run already; the curve and the checkpoint stay.
  bool adopt_run(RunId id, const NewRun& run);
  std::optional<RunRow> run(RunId id) const;
  std::optional<RunRow> find_run(const std::string& experiment, const std::string& identity) const;
  std::vector<RunRow> runs(const std::string& experiment = {}) const;

  /// Takes the lease of a run that nobody trains: true for exactly one of several callers. `holder` names the caller.
  /// A lease is free when its holder released it, when it lapsed, or when its process on this machine is gone; a live
  /// process of this machine keeps it however late its heartbeat. A run that is done is never given out again.
  bool acquire(RunId id, const std::string& holder, const Machine& machine);
  /// Keeps the lease and adds the seconds trained since the last call; false where it was lost to another.
  bool heartbeat(RunId id, const std::string& holder, double seconds);
  /// Ends the lease with the run's new status (stopped, done, diverged, failed); nothing where it was lost to another.
  void release(RunId id, const std::string& holder, Status status, const std::string& error = {},
               std::int64_t diverged_step = 0);
  /// For a process that died with its lease, or before it took one: the run becomes `failed` (or stays resumable as
  /// `stopped`). Nothing where the process released the lease itself or another holds it.
  void abandon(RunId id, const std::string& holder, Status status, const std::string& error);

  void put_metrics(RunId id, std::span<const MetricRow> rows);  // upserts on (run, epoch, split, name)
  std::vector<MetricRow> metrics(RunId id) const;
  /// Of every run that has the metric: the last epoch's value where it is finite.
  std::map<RunId, double> last_values(const std::string& split, const std::string& name) const;
  /// How often each label (row) was taken for each class (column) of a split, [K,K]; replaces what was there.
  void put_confusion(RunId id, const std::string& split, std::span<const std::int64_t> counts);
  /// The same counts, K being one more than the largest label or guess on record; empty where there are none.
  std::vector<std::int64_t> confusion(RunId id, const std::string& split) const;
  void put_image(RunId id, const ImageRow& image);  // replaces the one of that kind and name
  std::vector<ImageRow> images(RunId id) const;
  /// Replaces an earlier one of the same kind, split, numbers and checkpoint.
  void put_evaluation(RunId id, const EvaluationRow& evaluation);
  std::vector<EvaluationRow> evaluations(RunId id) const;
  /// Of every run that has any: the importance-weighted bounds of its test split, in the order of their images, draws,
  /// passes and age.
  std::map<RunId, std::vector<EvaluationRow>> importance_evaluations() const;
  void put_checkpoint(RunId id, const std::filesystem::path& file, const std::string& sha256, std::int64_t epoch,
                      std::int64_t step);
  /// Something that happened to a run, or to the whole database where `id` is 0.
  void put_event(RunId id, const std::string& name, const std::string& text);
  /// The texts of a run's events of that name, the oldest first.
  std::vector<std::string> events(RunId id, const std::string& name) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drawlab::results
