#pragma once

#include "results/store.hpp"

#include <string>

namespace drawlab::results {

/// A report draws curves and pictures of this many cells, the best first; its tables list all cells.
inline constexpr std::size_t kReportedCells = 12;

/// Returns one self-contained HTML page about an experiment: what was run, the cells ranked, learning curves, pictures,
/// failures. The same record gives the same bytes. Throws ConfigError if there are no runs of that name.
std::string experiment_report(const Store& store, const std::string& experiment);

}  // namespace drawlab::results
