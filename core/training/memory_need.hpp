#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"

#include <cstddef>

namespace drawlab {

/// Bytes that training a cell needs.
struct MemoryNeed {
  std::size_t fixed = 0;       // weights, optimiser state, one gradient per shard, the program itself
  std::size_t per_thread = 0;  // one tape
  std::size_t with(int threads) const { return fixed + static_cast<std::size_t>(threads) * per_thread; }
};

/// Estimates the memory without training: runs a few glimpses of one shard forward and backward, and extrapolates the
/// tape's growth per glimpse. Images that a dataset keeps in memory are not counted.
MemoryNeed training_memory(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins);

}  // namespace drawlab
