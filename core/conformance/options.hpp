#pragma once

#include "drawlab/options.hpp"

#include "conformance/report.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace drawlab::conformance {

/// Makes an options structure with its defaults.
using MakeOptions = std::function<std::unique_ptr<PluginOptions>()>;

/// One setting of a plugin's options: a map of what differs from the defaults.
struct Variant {
  std::string label;  // "the defaults", "size: 1"
  ConfigNode map = ConfigNode::map();
  std::string option;  // the one that differs; empty for the defaults
};

/// The options of a variant. Throws ConfigError if the plugin does not accept them.
std::unique_ptr<PluginOptions> make(const MakeOptions& make_options, const Variant& variant);

/// The defaults.
Variant defaults();
/// Every option at both ends of its range, and every word and flag, one at a time.
std::vector<Variant> ends(const OptionTable& table);
/// Every option that affects the result, set to another value close to its default.
std::vector<Variant> changes(const OptionTable& table);
/// The options of `first` together with those of `second`.
Variant both(const Variant& first, const Variant& second);

/// Checks that values in range are accepted and stored under their own name only, and that values outside the range, of
/// another type or under a misspelt name are rejected with the option's name in the message.
void check_options(const MakeOptions& make_options, Findings& findings);

}  // namespace drawlab::conformance
