#pragma once

#include "results/comparison.hpp"
#include "results/query.hpp"

#include <string>
#include <vector>

namespace drawlab::results {

/// Each run's `cell` (the label), `seed`, `version`, or a setting by its dotted name (`read`,
/// `training.learning_rate`), as text. A plugin is its name with the options in which `runs` differ. Throws ConfigError
/// on a name that no run has, and suggests the nearest.
std::vector<std::string> settings_of(const std::vector<RunRow>& runs, const std::string& name);

/// The settings, except the seed, in which runs of one cell of that pivot table differ: the cell's mean and deviation
/// are over those settings too.
std::vector<std::string> mixed_settings(const std::vector<RunRow>& runs, const std::vector<std::string>& by,
                                        const RunNumbers& numbers);

/// The metric of the runs by one or several settings; uses the attempts that group_by_cell uses. For people, the last
/// of several settings makes the columns and a cell is mean ± deviation; for programs, each combination is a row with
/// its numbers.
Table pivot(const std::vector<RunRow>& runs, const std::vector<std::string>& by, const RunNumbers& numbers,
            const std::string& metric, bool for_people);

}  // namespace drawlab::results
