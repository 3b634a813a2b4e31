#pragma once

#include "results/store.hpp"

#include <optional>
#include <span>
#include <string>

namespace drawlab::runner {

/// The state of a run in one word: new, running, interrupted, done, diverged, failed.
std::string state_text(const std::optional<results::RunRow>& run);

/// Estimates how many seconds a cell still needs on `threads` threads, from the finished epochs of runs that do the
/// same work (equal task, data, model, modes and batch) on this machine. Nothing if there are no such runs.
std::optional<double> estimate_seconds(const std::string& config, const std::optional<results::RunRow>& run,
                                       std::span<const results::RunRow> history, int threads);

}  // namespace drawlab::runner
