#pragma once

#include "drawlab/config.hpp"

#include <string>
#include <string_view>

namespace drawlab::runner {

/// The setting of a dotted name (`training.learning_rate`, `read.gaussian.size`), or nullptr. A plugin's name alone
/// counts as that plugin without options.
const ConfigNode* find_setting(const ConfigNode& cell, std::string_view key);

/// Sets it, making sections on the way. A map set on a section (`model`, `training`) is merged into it key by key;
/// anything else replaces. An option of another plugin than the one chosen goes to `diagnostics`.
void set_setting(ConfigNode& cell, const std::string& key, const ConfigNode& value, const SourceLocation& where,
                 Diagnostics& diagnostics);

/// Whether one of two dotted names is the other or lies below it.
bool settings_overlap(std::string_view one, std::string_view other);

/// Whether `value` is what `pattern` asks for: equal, or a map that has at least the pattern's entries, or the plugin
/// that the pattern names.
bool matches_setting(const ConfigNode& pattern, const ConfigNode& value);

}  // namespace drawlab::runner
