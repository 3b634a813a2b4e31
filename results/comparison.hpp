#pragma once

#include "results/query.hpp"
#include "results/store.hpp"
#include "training/metric.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace drawlab::results {

/// Runs that differ in nothing but their seed.
struct RunGroup {
  std::string label;  // what the grid varies; numbered where an edited file used a label twice
  std::vector<RunRow> runs;
};

/// Groups in the order of their first run. Of several attempts at one configuration and seed, by whatever build, the
/// latest that is done speaks, or the latest where none is.
std::vector<RunGroup> group_by_cell(const std::vector<RunRow>& runs);

/// Mean and sample standard deviation.
struct Spread {
  std::int64_t count = 0;
  std::optional<double> mean;       // nothing without numbers
  std::optional<double> deviation;  // nothing with fewer than two
};
Spread spread_of(std::span<const double> numbers);
/// `81.43 ± 0.52`, the mean alone where there is no deviation, nothing without numbers.
std::string spread_text(const Spread& spread, int decimals);

/// One number per run; runs without it are absent.
using RunNumbers = std::map<RunId, double>;
/// The metric of the finished runs, from their last epoch; for the validation bound, from their best epoch.
RunNumbers metric_of(const Store& store, const std::vector<RunRow>& runs, const MetricName& name);
/// The same by a word: a metric's whole name, `epochs`, `seconds`, or `importance_nll` (see importance_bounds). Throws
/// ConfigError on a name that these runs do not have, and suggests the nearest.
RunNumbers metric_of(const Store& store, const std::vector<RunRow>& runs, const std::string& metric);

/// Importance-weighted test bounds that may be compared with each other.
struct ImportanceBounds {
  std::int64_t samples = 0;             // N images; 0 where there are none
  std::int64_t importance_samples = 0;  // K
  RunNumbers numbers;
};
/// Those of the N and K that most cells have; of equally common ones the most images, then the most draws. Of several
/// of one run the bound of the most passes, of its present weights only.
ImportanceBounds importance_bounds(const Store& store, const std::vector<RunRow>& runs);
/// False where the run's checkpoint has changed since; true where it has none any more.
bool is_of_present_weights(const RunRow& run, const EvaluationRow& evaluation);

Spread spread_of(const RunGroup& group, const RunNumbers& numbers);

/// b − a over the seeds that both groups have.
struct PairedDifference {
  std::int64_t pairs = 0;
  double mean = 0;
  std::optional<double> standard_error;  // nothing with fewer than two pairs
};
PairedDifference paired_difference(const RunGroup& a, const RunGroup& b, const RunNumbers& numbers);

/// What a run's configuration says of `cell` (the label), `seed`, `version`, or a setting by its dotted name
/// (`read`, `training.learning_rate`), as text. A plugin is its name, with the options in which `runs` differ. Throws
/// ConfigError on a name that no run has, with the nearest.
std::vector<std::string> settings_of(const std::vector<RunRow>& runs, const std::string& name);

/// The settings, seeds aside, in which runs differ that fall into one cell of that pivot table: its means and
/// deviations are over them too.
std::vector<std::string> mixed_settings(const std::vector<RunRow>& runs, const std::vector<std::string>& by,
                                        const RunNumbers& numbers);

/// The metric over the runs by one or several settings, of several attempts the one that group_by_cell takes. For
/// people the last of several settings makes the columns and a cell is mean ± deviation; for programs each combination
/// is a row with its numbers.
Table pivot(const std::vector<RunRow>& runs, const std::vector<std::string>& by, const RunNumbers& numbers,
            const std::string& metric, bool for_people);

}  // namespace drawlab::results
