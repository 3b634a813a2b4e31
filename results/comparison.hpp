#pragma once

#include "results/store.hpp"
#include "training/metric.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace drawlab::results {

/// Runs that differ only in their seed.
struct RunGroup {
  std::string label;  // what the grid varies; numbered where an edited file used a label twice
  std::vector<RunRow> runs;
};

/// Groups in the order of their first run. If a configuration and seed has several attempts, by any build, the latest
/// finished one counts; if none finished, the latest.
std::vector<RunGroup> group_by_cell(const std::vector<RunRow>& runs);

/// Mean and sample standard deviation.
struct Spread {
  std::int64_t count = 0;
  std::optional<double> mean;       // nothing if there are no numbers
  std::optional<double> deviation;  // nothing for fewer than two
};
Spread spread_of(std::span<const double> numbers);
/// `81.43 ± 0.52`; the mean alone if there is no deviation; empty if there are no numbers.
std::string spread_text(const Spread& spread, int decimals);

/// One number per run; runs without it are absent.
using RunNumbers = std::map<RunId, double>;
/// The metric of the finished runs, from their last epoch; for the validation bound, from their best epoch.
RunNumbers metric_of(const Store& store, const std::vector<RunRow>& runs, const MetricName& name);
/// The same by a word: a metric's whole name, `epochs`, `seconds`, or `importance_nll` (see importance_bounds). Throws
/// ConfigError on a name that these runs do not have, and suggests the nearest.
RunNumbers metric_of(const Store& store, const std::vector<RunRow>& runs, const std::string& metric);

/// Importance-weighted test bounds that are comparable with each other.
struct ImportanceBounds {
  std::int64_t samples = 0;             // N images; 0: no bounds
  std::int64_t importance_samples = 0;  // K
  RunNumbers numbers;
};
/// The bounds with the N and K that most cells have; among equally common ones, the most images, then the most draws.
/// Uses a run's present weights only, and of several bounds the one with the most passes.
ImportanceBounds importance_bounds(const Store& store, const std::vector<RunRow>& runs);
/// False if the run's checkpoint has changed since; true if the run has no checkpoint.
bool is_of_present_weights(const RunRow& run, const EvaluationRow& evaluation);

Spread spread_of(const RunGroup& group, const RunNumbers& numbers);

/// b − a over the seeds that both groups have.
struct PairedDifference {
  std::int64_t pairs = 0;
  double mean = 0;
  std::optional<double> standard_error;  // nothing for fewer than two pairs
};
PairedDifference paired_difference(const RunGroup& a, const RunGroup& b, const RunNumbers& numbers);

}  // namespace drawlab::results
