#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"

#include <cstddef>

namespace drawlab {

/// Bytes that training a cell takes.
struct MemoryNeed {
  std::size_t fixed = 0;       // weights, optimiser, gradients of every shard, the program itself
  std::size_t per_thread = 0;  // a thread's tape
  std::size_t with(int threads) const { return fixed + static_cast<std::size_t>(threads) * per_thread; }
};

/// Estimates it without training: a few glimpses of one shard are walked there and back, and the tape's growth with
/// each glimpse is carried on to the cell's number. The images that a dataset keeps in memory are not known to it.
MemoryNeed training_memory(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins);

}  // namespace drawlab
