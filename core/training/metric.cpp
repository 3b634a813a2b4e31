#include "training/metric.hpp"

#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace drawlab {

namespace {

constexpr std::array<std::pair<Quantity, std::string_view>, 10> kQuantities = {{
    {Quantity::nll, "nll"},
    {Quantity::reconstruction, "reconstruction"},
    {Quantity::kl, "kl"},
    {Quantity::kl_glimpse, "kl_glimpse_"},  // followed by the glimpse's number
    {Quantity::nll_per_dimension, "nll_per_dimension"},
    {Quantity::error, "error"},
    {Quantity::gradient_norm, "gradient_norm"},
    {Quantity::learning_rate, "learning_rate"},
    {Quantity::kl_weight, "kl_weight"},
    {Quantity::best_epoch, "best_epoch"},
}};

}  // namespace

std::string quantity_text(const MetricName& name) {
  for (const auto& [quantity, text] : kQuantities) {
    if (quantity != name.quantity) continue;
    return std::string(text) + (quantity == Quantity::kl_glimpse ? std::to_string(name.glimpse) : "");
  }
  return {};
}

std::string metric_text(const MetricName& name) {
  return std::string(split_name(name.split)) + '_' + quantity_text(name);
}

std::optional<Split> parse_split(std::string_view text) {
  for (const Split split : kSplits) {
    if (text == split_name(split)) return split;
  }
  return std::nullopt;
}

std::optional<MetricName> parse_metric(Split split, std::string_view text) {
  for (const auto& [quantity, known] : kQuantities) {
    if (quantity != Quantity::kl_glimpse && text == known) return MetricName{split, quantity, 0};
    if (quantity != Quantity::kl_glimpse || !text.starts_with(known)) continue;
    MetricName name{split, quantity, 0};
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data() + known.size(), end, name.glimpse);
    if (result.ec == std::errc() && result.ptr == end && name.glimpse > 0) return name;
  }
  return std::nullopt;
}

std::optional<MetricName> parse_metric(std::string_view text) {
  const auto cut = text.find('_');
  if (cut == std::string_view::npos) return std::nullopt;
  const auto split = parse_split(text.substr(0, cut));
  return split ? parse_metric(*split, text.substr(cut + 1)) : std::nullopt;
}

}  // namespace drawlab
