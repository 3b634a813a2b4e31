#include "results/comparison.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "results/number_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace drawlab::results {

namespace {

bool is_done(const RunRow& run) { return run.status == Status::done; }

struct Attempt {
  const RunRow* run;
  std::string cell;
};

/// If a cell and seed has several attempts, the latest finished one counts; if none finished, the latest.
std::vector<Attempt> counted_attempts(const std::vector<RunRow>& runs) {
  std::vector<Attempt> attempts;
  std::map<std::pair<std::string, std::uint64_t>, const RunRow*> kept;
  for (const RunRow& run : runs) {
    const Attempt& attempt = attempts.emplace_back(Attempt{&run, run.configuration().cell_key()});
    const RunRow*& chosen = kept[{attempt.cell, run.seed}];
    const auto rank = [](const RunRow& row) { return std::pair(is_done(row), row.id); };
    if (chosen == nullptr || rank(run) > rank(*chosen)) chosen = &run;
  }
  std::erase_if(attempts, [&](const Attempt& attempt) {
    return kept[{attempt.cell, attempt.run->seed}] != attempt.run;
  });
  return attempts;
}

constexpr MetricName kValidationNll{Split::validation, Quantity::nll, 0};

/// Metrics that may be asked for even where no run has them.
bool is_common(const MetricName& name) {
  if (name == kValidationNll) return true;
  constexpr std::array<Quantity, 4> kOfTest = {Quantity::nll, Quantity::reconstruction, Quantity::kl, Quantity::error};
  return name.split == Split::test && std::find(kOfTest.begin(), kOfTest.end(), name.quantity) != kOfTest.end();
}

[[noreturn]] void throw_unrecorded(const Store& store, const std::vector<RunRow>& runs, const std::string& metric) {
  std::set<std::string> known = {"epochs",  "seconds",    "importance_nll", "test_nll", "test_reconstruction",
                                 "test_kl", "test_error", "validation_nll"};
  const auto done = std::find_if(runs.begin(), runs.end(), is_done);
  if (done != runs.end()) {
    for (const Metric& recorded : store.metrics(done->id)) {
      if (recorded.name.glimpse <= 1) known.insert(metric_text(recorded.name));
    }
  }
  throw ConfigError(terminal_text("--metric: these runs have no '" + metric + "'" +
                                  suggestion(metric, {known.begin(), known.end()})));
}

}  // namespace

std::vector<RunGroup> group_by_cell(const std::vector<RunRow>& runs) {
  std::vector<RunGroup> groups;
  std::map<std::string, std::size_t> places;
  for (const Attempt& attempt : counted_attempts(runs)) {
    const auto [place, is_new] = places.try_emplace(attempt.cell, groups.size());
    if (is_new) groups.push_back({attempt.run->label, {}});
    groups[place->second].runs.push_back(*attempt.run);
  }
  std::map<std::string, int> seen;
  for (RunGroup& group : groups) {
    if (const int count = ++seen[group.label]; count > 1) group.label += " (" + std::to_string(count) + ")";
  }
  return groups;
}

Spread spread_of(std::span<const double> numbers) {
  Spread spread;
  spread.count = static_cast<std::int64_t>(numbers.size());
  if (numbers.empty()) return spread;
  double sum = 0;
  for (const double number : numbers) sum += number;
  const double mean = sum / static_cast<double>(numbers.size());
  spread.mean = mean;
  if (numbers.size() < 2) return spread;
  double squares = 0;
  for (const double number : numbers) squares += (number - mean) * (number - mean);
  spread.deviation = std::sqrt(squares / static_cast<double>(numbers.size() - 1));
  return spread;
}

std::string spread_text(const Spread& spread, int decimals) {
  if (!spread.mean) return {};
  std::string text = rounded_number(*spread.mean, decimals);
  if (spread.deviation) text += " ± " + rounded_number(*spread.deviation, decimals);
  return text;
}

bool is_of_present_weights(const RunRow& run, const EvaluationRow& evaluation) {
  return run.checkpoint_sha256.empty() || run.checkpoint_sha256 == evaluation.checkpoint_sha256;
}

ImportanceBounds importance_bounds(const Store& store, const std::vector<RunRow>& runs) {
  using Kind = std::pair<std::int64_t, std::int64_t>;  // N and K
  std::map<Kind, RunNumbers> found;
  std::map<Kind, std::int64_t> cells;
  const auto all = store.importance_evaluations();
  for (const RunGroup& group : group_by_cell(runs)) {
    std::set<Kind> has;
    for (const RunRow& run : group.runs) {
      const auto rows = all.find(run.id);
      if (rows == all.end() || !is_done(run)) continue;
      for (const EvaluationRow& row : rows->second) {
        if (!is_of_present_weights(run, row)) continue;
        const Kind kind(row.samples, row.importance_samples);
        found[kind][run.id] = row.nll;
        has.insert(kind);
      }
    }
    for (const Kind& kind : has) ++cells[kind];
  }
  ImportanceBounds bounds;
  std::int64_t most = 0;
  // In ascending order: among equally common kinds, the one with more images and then more draws remains.
  for (const auto& [kind, count] : cells) {
    if (count < most) continue;
    most = count;
    bounds = {kind.first, kind.second, found[kind]};
  }
  return bounds;
}

RunNumbers metric_of(const Store& store, const std::vector<RunRow>& runs, const MetricName& name) {
  const RunNumbers all = name == kValidationNll ? RunNumbers() : store.last_values(name);
  RunNumbers numbers;
  for (const RunRow& run : runs) {
    if (!is_done(run)) continue;
    if (name == kValidationNll) {
      if (run.best_nll) numbers[run.id] = *run.best_nll;
    } else if (const auto found = all.find(run.id); found != all.end()) {
      numbers.insert(*found);
    }
  }
  return numbers;
}

RunNumbers metric_of(const Store& store, const std::vector<RunRow>& runs, const std::string& metric) {
  if (metric == "importance_nll") return importance_bounds(store, runs).numbers;
  if (metric == "epochs" || metric == "seconds") {
    RunNumbers numbers;
    for (const RunRow& run : runs) {
      if (is_done(run)) numbers[run.id] = metric == "epochs" ? static_cast<double>(run.epochs) : run.seconds;
    }
    return numbers;
  }
  const auto name = parse_metric(metric);
  const auto has_any = [&] {
    const RunNumbers all = store.last_values(*name);
    return std::any_of(runs.begin(), runs.end(), [&](const RunRow& run) { return all.contains(run.id); });
  };
  if (!name || !(is_common(*name) || has_any())) throw_unrecorded(store, runs, metric);
  return metric_of(store, runs, *name);
}

Spread spread_of(const RunGroup& group, const RunNumbers& numbers) {
  std::vector<double> found;
  for (const RunRow& run : group.runs) {
    if (const auto number = numbers.find(run.id); number != numbers.end()) found.push_back(number->second);
  }
  return spread_of(found);
}

PairedDifference paired_difference(const RunGroup& a, const RunGroup& b, const RunNumbers& numbers) {
  std::map<std::uint64_t, double> first;
  for (const RunRow& run : a.runs) {
    if (const auto number = numbers.find(run.id); number != numbers.end()) first[run.seed] = number->second;
  }
  std::vector<double> differences;
  for (const RunRow& run : b.runs) {
    const auto number = numbers.find(run.id);
    const auto partner = first.find(run.seed);
    if (number != numbers.end() && partner != first.end()) differences.push_back(number->second - partner->second);
  }
  const Spread spread = spread_of(differences);
  PairedDifference difference{spread.count, spread.mean.value_or(0), std::nullopt};
  if (spread.deviation) difference.standard_error = *spread.deviation / std::sqrt(static_cast<double>(spread.count));
  return difference;
}

}  // namespace drawlab::results
