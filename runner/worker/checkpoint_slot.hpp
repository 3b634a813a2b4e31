#pragma once

#include "results/store.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace drawlab::runner {

/// Where a run's checkpoints lie. The trainer writes to one path; each finished file then gets a name of its own, and
/// the one before is removed only when the database names the new one: whatever moment a process dies in, the file that
/// the database names is whole.
class CheckpointSlot {
 public:
  /// Removes leftovers of a process that died between the two.
  CheckpointSlot(results::Store& store, const results::RunRow& run);

  /// Where the trainer writes: <folder>/<database>-<run>-writing-<process>.safetensors.
  const std::filesystem::path& writing() const { return writing_; }
  /// The file that the database names where it is there and whole; else nothing, and `trouble` says what is wrong
  /// (it stays empty where there never was a checkpoint).
  std::optional<std::filesystem::path> present(std::string& trouble) const;
  /// Names the file just written, and records it. Throws SystemError and DatabaseError.
  void commit(std::int64_t epoch, std::int64_t total_step);
  /// The last one committed or found.
  const std::filesystem::path& current() const { return current_; }

 private:
  results::Store& store_;
  results::RunId run_;
  std::string stem_;  // <database>-<run>
  std::filesystem::path writing_;
  std::filesystem::path current_;  // empty: none
  std::string sha256_;
};

/// The path of a run's checkpoint, whose record is relative to the database's folder; empty where it has none.
std::filesystem::path checkpoint_path(const results::Store& store, const results::RunRow& run);

}  // namespace drawlab::runner
