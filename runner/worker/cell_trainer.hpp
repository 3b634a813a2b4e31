#pragma once

#include "results/store.hpp"

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace drawlab::runner {

/// The exit code of a cell whose run another process trains, or has finished.
inline constexpr int kLeftToAnother = 75;

/// What `drawlab cell` is told.
struct CellOrder {
  std::filesystem::path database;
  results::RunId run = 0;
  int threads = 1;
  std::string holder;  // of the lease; empty: one is made up
  bool from_start = false;
  std::vector<std::filesystem::path> plugin_folders;
};

/// Trains the run: takes its lease, continues from its checkpoint or starts, records metrics, checkpoints and pictures,
/// and its end. Messages go to `out`, one a line. Returns 0 done, 1 failed or diverged, kLeftToAnother, or the code of
/// the signal that stopped it. Throws what befalls it before it has the lease.
int train_cell(const CellOrder& order, std::ostream& out);

}  // namespace drawlab::runner
