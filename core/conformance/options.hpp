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

/// One way to set a plugin's options: a map of what differs from the defaults.
struct Variant {
  std::string label;  // "the defaults", "size: 1"
  ConfigNode map = ConfigNode::map();
  std::string option;  // the one that differs; empty for the defaults
};

/// The options of a variant. Throws ConfigError where the plugin does not take them.
std::unique_ptr<PluginOptions> make(const MakeOptions& make_options, const Variant& variant);

/// The ends of an option's range; both absent for what has none.
struct Bounds {
  bool low_is_set = false;
  bool high_is_set = false;
  double low = 0;
  double high = 0;
};
Bounds bounds_of(const OptionDescription& option);

/// The defaults.
Variant defaults();
/// Every option at both ends of its range, every word and flag, one at a time.
std::vector<Variant> ends(const OptionTable& table);
/// Every option that matters to the result, set to something else than its default that is close to it.
std::vector<Variant> changes(const OptionTable& table);
/// The options of `first` with those of `second` beside them.
Variant both(const Variant& first, const Variant& second);

/// That values in range are taken and stored under their own name alone, and that those just past and far past the
/// range, of another type or under a misspelt name are refused with the option's name.
void check_options(const MakeOptions& make_options, Findings& findings);

}  // namespace drawlab::conformance
