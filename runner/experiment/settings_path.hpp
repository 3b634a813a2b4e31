#pragma once

#include "drawlab/config.hpp"

#include <string>
#include <string_view>

namespace drawlab::runner {

/// `training` of `training.epochs`.
std::string first_part(std::string_view key);

/// The setting of a dotted name (`training.learning_rate`, `read.gaussian.size`), or nullptr. The name of a plugin
/// alone counts as that plugin without options.
const ConfigNode* find_setting(const ConfigNode& cell, std::string_view key);

/// Sets it, adding sections as needed. A map set on a section (`model`, `training`) is merged into it key by key; any
/// other value replaces the old one. An option of a plugin that is not chosen is an error in `diagnostics`.
void set_setting(ConfigNode& cell, const std::string& key, const ConfigNode& value, const SourceLocation& where,
                 Diagnostics& diagnostics);

/// Whether one of two dotted names is the other or lies below it.
bool settings_overlap(std::string_view one, std::string_view other);

/// Whether `value` matches `pattern`: it is equal, or a map with at least the pattern's entries, or the plugin that the
/// pattern names.
bool matches_setting(const ConfigNode& pattern, const ConfigNode& value);

}  // namespace drawlab::runner
