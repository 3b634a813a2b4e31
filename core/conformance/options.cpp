#include "conformance/options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace drawlab::conformance {

namespace {

bool is_number(const OptionDescription& option) { return option.type == "whole number" || option.type == "number"; }

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> words_of(const OptionDescription& option) {
  std::vector<std::string> words;
  constexpr std::string_view kSeparator = " | ";
  std::size_t start = 0;
  while (true) {
    const std::size_t end = option.range.find(kSeparator, start);
    words.push_back(option.range.substr(start, end - start));
    if (end == std::string::npos) return words;
    start = end + kSeparator.size();
  }
}

ConfigNode node_of(const OptionDescription& option, double value) {
  return option.type == "whole number" ? ConfigNode::integer(static_cast<std::int64_t>(value))
                                       : ConfigNode::real(value);
}

Variant variant_of(const std::string& name, ConfigNode value) {
  Variant variant{name + ": " + value.preview(), ConfigNode::map(), name};
  variant.map.set(name, std::move(value));
  return variant;
}

/// Every word of a choice, or both values of a flag.
std::vector<Variant> word_variants(const OptionDescription& option) {
  if (option.type == "yes/no") {
    return {variant_of(option.name, ConfigNode::boolean(false)), variant_of(option.name, ConfigNode::boolean(true))};
  }
  std::vector<Variant> variants;
  for (const std::string& word : words_of(option)) variants.push_back(variant_of(option.name, ConfigNode::text(word)));
  return variants;
}

/// What the plugin says of a map of options; empty where it takes it.
std::string refusal(const MakeOptions& make_options, const ConfigNode& map) {
  const auto options = make_options();
  Diagnostics diagnostics;
  options->table().parse(map, diagnostics);
  return diagnostics.has_errors() ? diagnostics.errors().front() : std::string();
}

void expect_refused(const MakeOptions& make_options, const std::string& name, ConfigNode value, Findings& findings) {
  const Variant variant = variant_of(name, std::move(value));
  const std::string sentence = refusal(make_options, variant.map);
  if (sentence.empty()) {
    findings.fail(variant.label + " is taken, though it is outside what the option declares");
  } else if (sentence.find(name) == std::string::npos) {
    findings.fail(variant.label + " is refused without the option's name: " + sentence);
  }
}

void expect_taken(const MakeOptions& make_options, const Variant& variant, Findings& findings) {
  const auto options = make_options();
  const ConfigNode before = options->table().resolved();
  Diagnostics diagnostics;
  options->table().parse(variant.map, diagnostics);
  if (diagnostics.has_errors()) {
    findings.fail(variant.label + " is refused: " + diagnostics.errors().front());
    return;
  }
  const ConfigNode after = options->table().resolved();
  const ConfigNode& set = *variant.map.find(variant.option);
  if (!after.find(variant.option)->same_value(set)) {
    findings.fail(variant.label + " is stored as " + after.find(variant.option)->preview());
  }
  for (const ConfigNode::Entry& entry : after.entries()) {
    if (entry.key == variant.option || entry.value.same_value(*before.find(entry.key))) continue;
    findings.fail(variant.label + " also changes the option '" + entry.key + "' from " +
                  before.find(entry.key)->preview() + " to " + entry.value.preview() +
                  "; do both name the same member?");
  }
}

void check_range(const MakeOptions& make_options, const OptionDescription& option, Findings& findings) {
  const Bounds bounds = bounds_of(option);
  const auto step = [&](double bound) {
    return option.type == "whole number" ? 1 : 1e-6 * std::max(1.0, std::abs(bound));
  };
  if (bounds.low_is_set) {
    for (const double value : {bounds.low - step(bounds.low), bounds.low - 1e9}) {
      expect_refused(make_options, option.name, node_of(option, value), findings);
    }
  }
  if (bounds.high_is_set) {
    for (const double value : {bounds.high + step(bounds.high), bounds.high + 1e9}) {
      if (std::abs(value) < 9e15) expect_refused(make_options, option.name, node_of(option, value), findings);
    }
  }
  if (option.type == "whole number") {
    expect_refused(make_options, option.name, ConfigNode::real(bounds.low + 0.5), findings);
  }
}

}  // namespace

std::unique_ptr<PluginOptions> make(const MakeOptions& make_options, const Variant& variant) {
  auto options = make_options();
  Diagnostics diagnostics;
  options->table().parse(variant.map, diagnostics);
  diagnostics.throw_if_errors();
  return options;
}

Bounds bounds_of(const OptionDescription& option) {
  Bounds bounds;
  if (!is_number(option)) return bounds;
  constexpr std::string_view kOpen = " or more";
  const std::string_view range = option.range;
  const std::size_t dots = range.find("..");
  const std::size_t open = range.find(kOpen);
  if (const auto low = number_of(range.substr(0, std::min(dots, open)))) {
    bounds.low_is_set = true;
    bounds.low = *low;
  }
  if (dots == std::string_view::npos) return bounds;
  if (const auto high = number_of(range.substr(dots + 2))) {
    bounds.high_is_set = true;
    bounds.high = *high;
  }
  return bounds;
}

Variant defaults() { return {"the defaults", ConfigNode::map(), {}}; }

std::vector<Variant> ends(const OptionTable& table) {
  std::vector<Variant> variants;
  for (const OptionDescription& option : table.descriptions()) {
    if (is_number(option)) {
      const Bounds bounds = bounds_of(option);
      if (bounds.low_is_set) variants.push_back(variant_of(option.name, node_of(option, bounds.low)));
      if (bounds.high_is_set) variants.push_back(variant_of(option.name, node_of(option, bounds.high)));
    } else if (option.type == "yes/no" || option.type == "one of") {
      for (Variant& variant : word_variants(option)) variants.push_back(std::move(variant));
    }
  }
  return variants;
}

std::vector<Variant> changes(const OptionTable& table) {
  std::vector<Variant> variants;
  const ConfigNode standard = table.resolved();
  for (const OptionDescription& option : table.descriptions()) {
    if (!option.affects_result) continue;
    const ConfigNode& value = *standard.find(option.name);
    if (is_number(option)) {
      const Bounds bounds = bounds_of(option);
      const double present = value.as_real();
      const bool whole = option.type == "whole number";
      double other = present;
      if (!bounds.high_is_set || present < bounds.high) {
        other = whole ? present + 1 : bounds.high_is_set ? (present + bounds.high) / 2 : present + 1;
      } else if (!bounds.low_is_set || present > bounds.low) {
        other = whole ? present - 1 : bounds.low_is_set ? (present + bounds.low) / 2 : present - 1;
      }
      if (other != present) variants.push_back(variant_of(option.name, node_of(option, other)));
    } else if (option.type == "yes/no" || option.type == "one of") {
      for (Variant& variant : word_variants(option)) {
        if (!variant.map.find(option.name)->same_value(value)) variants.push_back(std::move(variant));
      }
    }
  }
  return variants;
}

Variant both(const Variant& first, const Variant& second) {
  Variant variant = first;
  variant.label += ", " + second.label;
  for (const ConfigNode::Entry& entry : second.map.entries()) variant.map.set(entry.key, entry.value);
  return variant;
}

void check_options(const MakeOptions& make_options, Findings& findings) {
  const auto options = make_options();
  const std::vector<OptionDescription> descriptions = options->table().descriptions();
  if (descriptions.empty()) {
    findings.skip("the plugin has no options");
    return;
  }
  for (const Variant& variant : ends(options->table())) expect_taken(make_options, variant, findings);
  for (const Variant& variant : changes(options->table())) expect_taken(make_options, variant, findings);
  for (const OptionDescription& option : descriptions) {
    if (option.text.empty()) findings.fail("option '" + option.name + "' is not described");
    if (is_number(option)) check_range(make_options, option, findings);
    if (option.type == "settings") continue;  // the plugin itself judges what is in it
    if (option.type != "text") expect_refused(make_options, option.name, ConfigNode::text("no such word"), findings);
    expect_refused(make_options, option.name, ConfigNode::list({}), findings);
  }
  const std::string misspelt = descriptions.front().name + "x";
  ConfigNode map = ConfigNode::map();
  map.set(misspelt, ConfigNode::integer(1));
  const std::string sentence = refusal(make_options, map);
  if (sentence.empty()) findings.fail("the unknown option '" + misspelt + "' is taken");
}

}  // namespace drawlab::conformance
