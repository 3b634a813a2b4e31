#include "drawlab/options.hpp"

#include "drawlab/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace drawlab {

namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

/// `1..64`, or `0 or more` where there is no upper limit.
std::string range_text(const std::string& low, const std::string& high, bool limited) {
  return limited ? low + ".." + high : low + " or more";
}

std::string integer_range(std::int64_t low, std::int64_t high) {
  return range_text(std::to_string(low), std::to_string(high), high != kNoLimit);
}

std::string real_range(double low, double high) {
  return range_text(ConfigNode::real(low).preview(), ConfigNode::real(high).preview(), std::isfinite(high));
}

/// Why a value does not fit, said so that it reads well with and without an upper limit.
std::string outside(const std::string& range) {
  constexpr std::string_view kOpen = " or more";
  return range.ends_with(kOpen) ? " is not " + range : " is outside " + range;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " | ") + word;
  return text;
}

void report_kind(const std::string& name, const ConfigNode& found, const std::string& needed,
                 Diagnostics& diagnostics) {
  if (found.is_null()) {
    diagnostics.error(found.where(), name + ": no value given, need " + needed);
  } else {
    diagnostics.error(found.where(), name + ": " + found.preview() + " is " + found.kind_text() + ", need " + needed);
  }
}

/// A real without a fraction, such as 1e3, is a whole number to the person who wrote it.
std::optional<std::int64_t> whole_number(const ConfigNode& node) {
  if (node.kind() == ConfigNode::Kind::integer) return node.as_integer();
  if (node.kind() != ConfigNode::Kind::real) return std::nullopt;
  const double value = node.as_real();
  if (std::trunc(value) != value || std::abs(value) >= 0x1p63) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

OptionDescription description_of(std::string name, std::string type, std::string range, std::string text) {
  return {std::move(name), std::move(type), std::move(range), {}, std::move(text), true};
}

}  // namespace

OptionTable& OptionTable::add(Option option) {
  DRAWLAB_ASSERT(std::none_of(options_.begin(), options_.end(),
                              [&](const Option& other) { return other.description.name == option.description.name; }));
  option.description.standard = option.get().preview();
  options_.push_back(std::move(option));
  return *this;
}

OptionTable& OptionTable::add_integer(std::string name, std::function<std::int64_t()> get,
                                      std::function<void(std::int64_t)> set, std::int64_t low, std::int64_t high,
                                      std::string text) {
  Option option;
  option.get = [get = std::move(get)] { return ConfigNode::integer(get()); };
  option.set = [name, set = std::move(set), low, high](const ConfigNode& node, Diagnostics& diagnostics) {
    const std::optional<std::int64_t> value = whole_number(node);
    if (!value) {
      report_kind(name, node, "a whole number (" + integer_range(low, high) + ")", diagnostics);
    } else if (*value < low || *value > high) {
      diagnostics.error(node.where(), name + ": " + node.preview() + outside(integer_range(low, high)));
    } else {
      set(*value);
    }
  };
  option.description = description_of(std::move(name), "whole number", integer_range(low, high), std::move(text));
  return add(std::move(option));
}

OptionTable& OptionTable::real(std::string name, double& member, double low, double high, std::string text) {
  Option option;
  option.get = [&member] { return ConfigNode::real(member); };
  option.set = [name, &member, low, high](const ConfigNode& node, Diagnostics& diagnostics) {
    if (node.kind() != ConfigNode::Kind::integer && node.kind() != ConfigNode::Kind::real) {
      report_kind(name, node, "a number (" + real_range(low, high) + ")", diagnostics);
    } else if (const double value = node.as_real(); !std::isfinite(value) || value < low || value > high) {
      diagnostics.error(node.where(), name + ": " + node.preview() + outside(real_range(low, high)));
    } else {
      member = value;
    }
  };
  option.description = description_of(std::move(name), "number", real_range(low, high), std::move(text));
  return add(std::move(option));
}

OptionTable& OptionTable::flag(std::string name, bool& member, std::string text) {
  Option option;
  option.get = [&member] { return ConfigNode::boolean(member); };
  option.set = [name, &member](const ConfigNode& node, Diagnostics& diagnostics) {
    if (node.kind() != ConfigNode::Kind::boolean) {
      report_kind(name, node, "true or false", diagnostics);
    } else {
      member = node.as_boolean();
    }
  };
  option.description = description_of(std::move(name), "yes/no", "true | false", std::move(text));
  return add(std::move(option));
}

OptionTable& OptionTable::text(std::string name, std::string& member, std::string text) {
  Option option;
  option.get = [&member] { return ConfigNode::text(member); };
  option.set = [name, &member](const ConfigNode& node, Diagnostics& diagnostics) {
    if (!node.is_text()) {
      report_kind(name, node, "text (in quotes where it looks like something else)", diagnostics);
    } else {
      member = node.as_text();
    }
  };
  option.description = description_of(std::move(name), "text", "", std::move(text));
  return add(std::move(option));
}

OptionTable& OptionTable::add_choice(std::string name, const std::vector<std::string>& words,
                                     std::function<std::string()> get, std::function<void(const std::string&)> set,
                                     std::string text) {
  Option option;
  option.get = [get = std::move(get)] { return ConfigNode::text(get()); };
  option.set = [name, words, set = std::move(set)](const ConfigNode& node, Diagnostics& diagnostics) {
    if (!node.is_text()) {
      report_kind(name, node, "one of " + joined(words), diagnostics);
    } else if (std::find(words.begin(), words.end(), node.as_text()) == words.end()) {
      const std::string nearest = nearest_word(node.as_text(), words);
      diagnostics.error(node.where(), name + ": " + node.preview() + " is none of " + joined(words) +
                                          (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
    } else {
      set(node.as_text());
    }
  };
  option.description = description_of(std::move(name), "one of", joined(words), std::move(text));
  return add(std::move(option));
}

OptionTable& OptionTable::settings(std::string name, ConfigNode& member, std::string text) {
  Option option;
  option.get = [&member] { return member; };
  option.set = [&member](const ConfigNode& node, Diagnostics&) { member = node; };
  option.description = description_of(std::move(name), "settings", "", std::move(text));
  return add(std::move(option));
}

OptionTable& OptionTable::not_part_of_identity() {
  DRAWLAB_ASSERT(!options_.empty());
  options_.back().description.affects_result = false;
  return *this;
}

void OptionTable::parse(const ConfigNode& map, Diagnostics& diagnostics) {
  map_where_ = map.where();
  for (Option& option : options_) option.where.reset();
  if (map.is_null()) return;
  if (!map.is_map()) {
    diagnostics.error(map.where(), map.preview() + " is " + map.kind_text() + ", need a map of options");
    return;
  }
  std::vector<std::string> names;
  for (const Option& option : options_) names.push_back(option.description.name);
  for (const ConfigNode::Entry& entry : map.entries()) {
    const auto option = std::find_if(options_.begin(), options_.end(),
                                     [&](const Option& candidate) { return candidate.description.name == entry.key; });
    if (option == options_.end()) {
      diagnostics.error(entry.key_where, entry.key + ": unknown option" + suggestion(entry.key, names));
    } else if (option->where) {
      diagnostics.error(entry.key_where, entry.key + ": given twice, first at " + option->where->text());
    } else {
      option->where = entry.key_where;
      option->set(entry.value, diagnostics);
    }
  }
}

ConfigNode OptionTable::resolved(bool identity_only) const {
  ConfigNode map = ConfigNode::map(map_where_);
  for (const Option& option : options_) {
    if (identity_only && !option.description.affects_result) continue;
    map.set(option.description.name, option.get(), option.where.value_or(map_where_));
  }
  return map;
}

std::vector<OptionDescription> OptionTable::descriptions() const {
  std::vector<OptionDescription> descriptions;
  for (const Option& option : options_) descriptions.push_back(option.description);
  return descriptions;
}

SourceLocation OptionTable::where(std::string_view name) const {
  for (const Option& option : options_) {
    if (option.description.name == name) return option.where.value_or(map_where_);
  }
  return map_where_;
}

}  // namespace drawlab
