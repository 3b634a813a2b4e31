#pragma once

#include "results/store.hpp"

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace drawlab::runner {

/// The exit code of a cell whose run another process is training or has finished.
inline constexpr int kLeftToAnother = 75;

/// The arguments of `drawlab cell`.
struct CellOrder {
  std::filesystem::path database;
  results::RunId run = 0;
  int threads = 1;
  std::string holder;  // of the lease; empty: a new unique name
  bool from_start = false;
  std::vector<std::filesystem::path> plugin_folders;
};

/// Trains the run: takes its lease, continues from its checkpoint or starts, and records metrics, checkpoints, pictures
/// and its end. Writes messages to `out`, one per line. Returns 0 if done, 1 if failed or diverged, kLeftToAnother, or
/// the code of the signal that stopped it. Throws only errors from before it has the lease.
int train_cell(const CellOrder& order, std::ostream& out);

}  // namespace drawlab::runner
