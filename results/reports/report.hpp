#pragma once

#include "results/store.hpp"

#include <string>

namespace drawlab::results {

/// How many cells a report draws curves and pictures of, the best first; its tables name all.
inline constexpr std::size_t kReportedCells = 12;

/// One HTML page about an experiment that needs nothing else: what was run, the cells ranked, learning curves,
/// pictures, failures. The same record gives the same bytes. Throws ConfigError where it has no runs of that name.
std::string experiment_report(const Store& store, const std::string& experiment);

}  // namespace drawlab::results
