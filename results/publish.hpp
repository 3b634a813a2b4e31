#pragma once

#include "results/store.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace drawlab::results {

/// The file that holds a published run's weights, in place of its checkpoint.
struct PublishedWeights {
  std::filesystem::path file;
  std::string sha256;
};

struct PublishedRun {
  RunId id = 0;  // in the database that it comes from
  std::optional<PublishedWeights> weights;
};

/// Copies runs that are done, or stopped and not to be continued, into a database that is made to be given away: one
/// file without a write-ahead log, which opens read-only anywhere. Everything recorded of a run goes along but its
/// checkpoint, in whose place its weights may be named, and what tells where it was made: the machine's name, its
/// processes and folders. A run that `target` has already is replaced under the number that it has there; other runs
/// stay. Returns the numbers in `target`, in order. Throws DatabaseError, also where a run is neither done nor stopped,
/// or both files are the same.
std::vector<RunId> publish(const std::filesystem::path& source, const std::filesystem::path& target,
                           std::span<const PublishedRun> runs);

}  // namespace drawlab::results
