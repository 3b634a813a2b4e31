#pragma once

#include "results/store.hpp"
#include "runner/experiment/plan.hpp"

#include <optional>

namespace drawlab::runner {

/// Finds an unfinished run of another build of drawlab or of a plugin with the cell's settings, seed and data; of
/// several the one with the most epochs. Nothing if there is none, or if the cell has a run of this build.
std::optional<results::RunRow> run_of_another_build(const PlannedCell& cell, const results::Store& store,
                                                    PluginHost& plugins);

/// A sentence about such a run: its number, drawlab's version and its epochs.
std::string adoption_text(const results::RunRow& row);

}  // namespace drawlab::runner
