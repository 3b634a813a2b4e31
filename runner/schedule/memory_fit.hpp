#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"
#include "training/memory_need.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace drawlab::runner {

/// The memory that training a cell needs. Measured in a child process, because a plugin may crash; nothing if it does.
std::optional<MemoryNeed> memory_need(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins);

/// The number of cells, 1…`jobs`, that fit into memory side by side whichever of them run together. Pure.
int jobs_that_fit(std::vector<std::size_t> needs, std::size_t available, int jobs);

/// A number of cells side by side, and of threads per cell, that fits into memory.
struct MemoryFit {
  int jobs = 1;
  int threads = 1;
  bool fits = true;  // false: not even one cell on one thread fits
};
/// Reduces `wanted` to what fits. Fewer jobs get more threads each, as far as cores and memory allow. If a single cell
/// does not fit, it gets fewer threads. Pure.
MemoryFit fit_into_memory(std::span<const MemoryNeed> needs, std::size_t available, MemoryFit wanted, int cores);

/// Bytes that processes may still allocate without swapping, in the system and in this control group; 0 if unknown.
std::size_t available_memory();

}  // namespace drawlab::runner
