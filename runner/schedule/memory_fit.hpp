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

/// What training a cell takes. Tried in a process of its own, since a plugin may end it; nothing where it does.
std::optional<MemoryNeed> memory_need(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins);

/// Cells side by side whose memory fits, at least 1, at most `jobs`: however they meet, the largest may. Pure.
int jobs_that_fit(std::vector<std::size_t> needs, std::size_t available, int jobs);

/// Cells side by side, and threads of each, whose memory fits.
struct MemoryFit {
  int jobs = 1;
  int threads = 1;
  bool fits = true;  // false: not even one cell on one thread does
};
/// What of `wanted` fits: fewer jobs where they do not, on as many threads each as the `cores` so freed and the memory
/// allow; fewer threads where a single cell does not. Pure.
MemoryFit fit_into_memory(std::span<const MemoryNeed> needs, std::size_t available, MemoryFit wanted, int cores);

/// Memory that processes may still take without swapping, in bytes: of the system, and of this control group where it
/// has a limit; 0 where neither is told.
std::size_t available_memory();

}  // namespace drawlab::runner
