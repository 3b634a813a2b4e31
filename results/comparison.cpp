#include "results/comparison.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/number_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace drawlab::results {

namespace {

/// Of several runs with one identity the latest.
std::vector<RunRow> latest_attempts(const std::vector<RunRow>& runs) {
  std::map<std::string, RunId> latest;
  for (const RunRow& run : runs) latest[run.identity] = std::max(latest[run.identity], run.id);
  std::vector<RunRow> kept;
  for (const RunRow& run : runs) {
    if (latest[run.identity] == run.id) kept.push_back(run);
  }
  return kept;
}

struct Member {
  const char* name;
  std::optional<double> RunRow::*value;
};

constexpr std::array<Member, 5> kMembers = {{{"test_nll", &RunRow::test_nll},
                                             {"test_reconstruction", &RunRow::test_reconstruction},
                                             {"test_kl", &RunRow::test_kl},
                                             {"test_error", &RunRow::test_error},
                                             {"validation_nll", &RunRow::best_nll}}};

bool is_done(const RunRow& run) { return run.status == Status::done; }

[[noreturn]] void throw_unknown_metric(const Store& store, const std::vector<RunRow>& runs, const std::string& metric) {
  std::set<std::string> known = {"epochs", "seconds", "importance_nll"};
  for (const Member& member : kMembers) known.insert(member.name);
  const auto done = std::find_if(runs.begin(), runs.end(), is_done);
  if (done != runs.end()) {
    for (const MetricRow& row : store.metrics(done->id)) {
      if (row.name.starts_with("kl_glimpse_") && row.name != "kl_glimpse_1") continue;
      known.insert(row.split + '_' + row.name);
    }
  }
  throw ConfigError("--metric: these runs have no '" + metric + "'" + suggestion(metric, {known.begin(), known.end()}));
}

}  // namespace

std::vector<RunGroup> group_by_cell(const std::vector<RunRow>& runs) {
  std::vector<RunGroup> groups;
  std::map<std::string, std::size_t> places;
  for (const RunRow& run : latest_attempts(runs)) {
    ConfigNode config = from_json(run.config);
    config.erase("seed");
    const auto [place, is_new] = places.try_emplace(to_json(config), groups.size());
    if (is_new) groups.push_back({run.label, {}});
    groups[place->second].runs.push_back(run);
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

RunNumbers metric_of(const Store& store, const std::vector<RunRow>& runs, const std::string& metric) {
  const auto* const member =
      std::find_if(kMembers.begin(), kMembers.end(), [&](const Member& known) { return metric == known.name; });
  RunNumbers all;
  if (metric == "importance_nll") {
    all = store.importance_bounds();
  } else if (const auto cut = metric.find('_'); member == kMembers.end() && cut != std::string::npos) {
    all = store.last_values(metric.substr(0, cut), metric.substr(cut + 1));
  }
  RunNumbers numbers;
  bool known = member != kMembers.end() || metric == "epochs" || metric == "seconds" || metric == "importance_nll";
  for (const RunRow& run : runs) {
    const auto found = all.find(run.id);
    known = known || found != all.end();
    if (!is_done(run)) continue;
    if (member != kMembers.end()) {
      if (const auto& value = run.*(member->value)) numbers[run.id] = *value;
    } else if (metric == "epochs") {
      numbers[run.id] = static_cast<double>(run.epochs);
    } else if (metric == "seconds") {
      numbers[run.id] = run.seconds;
    } else if (found != all.end()) {
      numbers[run.id] = found->second;
    }
  }
  if (!known) throw_unknown_metric(store, runs, metric);
  return numbers;
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
