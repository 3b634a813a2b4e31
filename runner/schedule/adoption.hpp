#pragma once

#include "results/store.hpp"
#include "runner/experiment/plan.hpp"

#include <optional>

namespace drawlab::runner {

/// The unfinished run that another build of drawlab or of a plugin began with the same settings, seed and data as a
/// planned cell, of several the one that came furthest; nothing where the cell has a run of this build, or there is
/// none.
std::optional<results::RunRow> run_of_another_build(const PlannedCell& cell, const results::Store& store,
                                                    PluginHost& plugins);

/// What is to be said of it: which run, how far it came, and what differs from this build.
std::string adoption_text(const results::RunRow& row);

}  // namespace drawlab::runner
