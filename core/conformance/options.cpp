#include "conformance/options.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace drawlab::conformance {

namespace {

ConfigNode node_of(const OptionDescription& option, double value) {
  return option.kind == OptionKind::integer ? ConfigNode::integer(static_cast<std::int64_t>(value))
                                            : ConfigNode::real(value);
}

Variant variant_of(const std::string& name, ConfigNode value) {
  Variant variant{name + ": " + value.preview(), ConfigNode::map(), name};
  variant.map.set(name, std::move(value));
  return variant;
}

/// Every word of a choice, or both values of a flag; none of other options.
std::vector<Variant> word_variants(const OptionDescription& option) {
  if (option.kind == OptionKind::flag) {
    return {variant_of(option.name, ConfigNode::boolean(false)), variant_of(option.name, ConfigNode::boolean(true))};
  }
  std::vector<Variant> variants;
  for (const std::string& word : option.words) variants.push_back(variant_of(option.name, ConfigNode::text(word)));
  return variants;
}

/// The plugin's first error for a map of options; empty if it accepts the map.
std::string refusal(const MakeOptions& make_options, const ConfigNode& map) {
  const auto options = make_options();
  Diagnostics diagnostics;
  options->table().parse(map, diagnostics);
  return diagnostics.has_errors() ? diagnostics.errors().front().text() : std::string();
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
    findings.fail(variant.label + " is refused: " + diagnostics.errors().front().text());
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
  const bool whole = option.kind == OptionKind::integer;
  const auto expect_refused_past = [&](const ConfigNode& limit, double direction) {
    if (limit.is_null()) return;
    const double bound = limit.as_real();
    const double step = whole ? 1 : 1e-6 * std::max(1.0, std::abs(bound));
    for (const double value : {bound + direction * step, bound + direction * 1e9}) {
      if (std::abs(value) < 9e15) expect_refused(make_options, option.name, node_of(option, value), findings);
    }
  };
  expect_refused_past(option.low, -1);
  expect_refused_past(option.high, 1);
  if (whole) expect_refused(make_options, option.name, ConfigNode::real(option.low.as_real() + 0.5), findings);
}

/// Another number in the option's range, close to the default; the default itself if there is none.
double number_near_default(const OptionDescription& option) {
  const double present = option.default_value.as_real();
  const bool whole = option.kind == OptionKind::integer;
  if (option.high.is_null()) return present + 1;
  const double high = option.high.as_real();
  if (present < high) return whole ? present + 1 : (present + high) / 2;
  const double low = option.low.as_real();
  if (present > low) return whole ? present - 1 : (present + low) / 2;
  return present;
}

}  // namespace

std::unique_ptr<PluginOptions> make(const MakeOptions& make_options, const Variant& variant) {
  auto options = make_options();
  options->table().parse(variant.map);
  return options;
}

Variant defaults() { return {"the defaults", ConfigNode::map(), {}}; }

std::vector<Variant> ends(const OptionTable& table) {
  std::vector<Variant> variants;
  for (const OptionDescription& option : table.descriptions()) {
    for (const ConfigNode& limit : {option.low, option.high}) {
      if (!limit.is_null()) variants.push_back(variant_of(option.name, limit));
    }
    for (Variant& variant : word_variants(option)) variants.push_back(std::move(variant));
  }
  return variants;
}

std::vector<Variant> changes(const OptionTable& table) {
  std::vector<Variant> variants;
  for (const OptionDescription& option : table.descriptions()) {
    if (!option.affects_result) continue;
    std::vector<Variant> candidates = word_variants(option);
    if (option.is_number()) {
      candidates.push_back(variant_of(option.name, node_of(option, number_near_default(option))));
    }
    for (Variant& variant : candidates) {
      if (!variant.map.find(option.name)->same_value(option.default_value)) variants.push_back(std::move(variant));
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
    if (option.is_number()) check_range(make_options, option, findings);
    if (option.kind == OptionKind::settings) continue;  // the plugin itself judges what is in it
    if (option.kind != OptionKind::text)
      expect_refused(make_options, option.name, ConfigNode::text("no such word"), findings);
    expect_refused(make_options, option.name, ConfigNode::list({}), findings);
  }
  const std::string misspelt = descriptions.front().name + "x";
  ConfigNode map = ConfigNode::map();
  map.set(misspelt, ConfigNode::integer(1));
  const std::string sentence = refusal(make_options, map);
  if (sentence.empty()) findings.fail("the unknown option '" + misspelt + "' is taken");
}

}  // namespace drawlab::conformance
