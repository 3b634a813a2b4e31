#pragma once

#include "drawlab/dataset.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace drawlab {

/// What a metric measures. Likelihoods and their parts are in nats per image.
enum class Quantity {
  nll,
  reconstruction,
  kl,
  kl_glimpse,  // the KL term of one glimpse
  nll_per_dimension,
  error,  // share of wrong labels
  gradient_norm,
  learning_rate,
  kl_weight,
  best_epoch,
};

/// Names one number of a run's record: `validation_nll`, `test_kl_glimpse_3`.
struct MetricName {
  Split split = Split::train;
  Quantity quantity = Quantity::nll;
  int glimpse = 0;  // 1…T for kl_glimpse, else 0

  auto operator<=>(const MetricName&) const = default;
};

struct Metric {
  std::int64_t epoch = 0;  // finished epochs; 0: before training
  MetricName name;
  double value = 0;
};

/// The name without its split, as the results database stores it: `nll`, `kl_glimpse_3`.
std::string quantity_text(const MetricName& name);
/// The whole name: `test_kl_glimpse_3`.
std::string metric_text(const MetricName& name);

/// Inverses of split_name, quantity_text and metric_text. Return nothing for unknown text.
std::optional<Split> parse_split(std::string_view text);
std::optional<MetricName> parse_metric(Split split, std::string_view quantity);
std::optional<MetricName> parse_metric(std::string_view text);

}  // namespace drawlab
