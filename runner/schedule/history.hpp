#pragma once

#include "results/store.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace drawlab::runner {

/// How a run stands in a word: new, running, interrupted, done, diverged, failed.
std::string state_text(const std::optional<results::RunRow>& run);

/// Seconds that a cell may still need on `threads` threads, from finished epochs of runs that do the same work (equal
/// task, data, model, modes and batch) on this machine; nothing where there are none.
std::optional<double> estimate_seconds(const std::string& config, const std::optional<results::RunRow>& run,
                                       std::span<const results::RunRow> history, int threads);

}  // namespace drawlab::runner
