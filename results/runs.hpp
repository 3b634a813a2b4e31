#pragma once

#include "configuration/recorded_configuration.hpp"
#include "configuration/task.hpp"
#include "results/status.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace drawlab::results {

class Connection;

/// What is known of a cell before it trains.
struct NewRun {
  std::string experiment;
  std::string label;     // what the grid varies in this cell: "read=gaussian(size=2) write=global"
  std::string identity;  // hash of everything that matters to the result
  std::string config;    // resolved configuration, JSON
  Task task = Task::generate;
  std::string dataset, read, write;
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
    std::vector<std::pair<std::string, std::string>> sources;  // name and checksum
  };
  Dataset data;
};

struct RunRow {
  RunId id = 0;
  std::string experiment, label, identity, config, dataset, read, write;
  Task task = Task::generate;
  std::string dataset_checksums;  // as Runs::checksums_text
  std::uint64_t seed = 0;
  Status status = Status::pending;
  bool interrupted = false;  // stopped, or running without a live lease; a dead holder on this machine counts at once
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

  RecordedConfiguration configuration() const { return RecordedConfiguration(config, "run " + std::to_string(id)); }
};

/// What an experiment's file said when it was last run.
struct ExperimentRow {
  std::string name, description, file, text;
};

/// The experiments of a results database and their runs. Throws DatabaseError.
class Runs {
 public:
  explicit Runs(Connection& connection) : connection_(connection) {}

  /// Adds the experiment, or replaces what the database keeps of its file.
  void put_experiment(const std::string& name, const std::string& description, const std::string& file,
                      const std::string& text);
  /// Empty texts if there is no experiment of that name.
  ExperimentRow experiment(const std::string& name) const;
  /// The checksum of a dataset, a space, and the checksums of its sources as JSON.
  static std::string checksums_text(const NewRun::Dataset& data);
  /// Describes a run's dataset: name, checksum, provenance and sources.
  std::string dataset_text(RunId id) const;
  /// Returns the latest run of that experiment and identity, or makes one; `fresh` always makes one. A run that is
  /// neither done nor held is updated with what the identity leaves open (paths, git).
  RunId put_run(const NewRun& run, bool fresh = false);
  /// Gives a run that another build began to the build of `run`: sets its identity and all that depends on it; keeps
  /// its metrics and checkpoint. Returns false if the run is done or held, or if that identity has a run already.
  bool adopt_run(RunId id, const NewRun& run);
  std::optional<RunRow> run(RunId id) const;
  std::optional<RunRow> find_run(const std::string& experiment, const std::string& identity) const;
  /// All runs if `experiment` is empty.
  std::vector<RunRow> runs(const std::string& experiment = {}) const;

 private:
  Connection& connection_;
};

}  // namespace drawlab::results
