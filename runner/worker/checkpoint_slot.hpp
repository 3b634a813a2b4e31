#pragma once

#include "results/store.hpp"
#include "training/trainer.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace drawlab::runner {

/// Where a run's checkpoints are. Each gets its own name, and the one before is removed only after the database names
/// the new one. So the file that the database names is whole, whenever a process dies.
class CheckpointSlot {
 public:
  /// Removes what a process left that died before the database named its file.
  CheckpointSlot(results::Store& store, const results::RunRow& run);

  /// What the trainer writes to: <folder>/<database>-<run>.safetensors. No file ever has this name.
  const std::filesystem::path& target() const { return target_; }
  /// The file that the database names, if it is there and whole; else nothing, and `trouble` says what is wrong (it
  /// stays empty if there was no checkpoint yet).
  std::optional<std::filesystem::path> present(std::string& trouble) const;
  /// Names a checkpoint and records it. Throws SystemError and DatabaseError.
  void commit(const WrittenCheckpoint& checkpoint);
  /// The checkpoint last committed or found.
  const std::filesystem::path& current() const { return current_; }

 private:
  results::Store& store_;
  results::RunId run_;
  std::string stem_;  // <database>-<run>
  std::filesystem::path target_;
  std::filesystem::path current_;  // empty: none
  std::string sha256_;
};

/// The path of a run's checkpoint, which the database records relative to its own folder; empty if there is none.
std::filesystem::path checkpoint_path(const results::Store& store, const results::RunRow& run);

}  // namespace drawlab::runner
