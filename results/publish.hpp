#pragma once

#include "results/store.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace drawlab::results {

/// The file with a published run's weights, which replaces its checkpoint.
struct PublishedWeights {
  std::filesystem::path file;
  std::string sha256;
};

struct PublishedRun {
  RunId id = 0;  // in the database that it comes from
  std::optional<PublishedWeights> weights;
};

/// Copies finished runs, or stopped ones that will not be continued, into a database to give away: one file without a
/// write-ahead log, which opens read-only anywhere. Copies everything recorded for a run except its checkpoint, which
/// its weights may replace, and except what says where it was made: the machine's name, processes and folders. A run
/// that `target` already has is replaced and keeps its number there; other runs stay. Returns the numbers in `target`,
/// in order. Throws DatabaseError, also if a run is neither done nor stopped or if both files are the same.
std::vector<RunId> publish(const std::filesystem::path& source, const std::filesystem::path& target,
                           std::span<const PublishedRun> runs);

}  // namespace drawlab::results
