#include "drawlab/options.hpp"

#include "drawlab/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace drawlab {

namespace {

/// A real without a fraction, such as 1e3, is a whole number to the person who wrote it.
std::optional<std::int64_t> whole_number(const ConfigNode& node) {
  if (node.kind() == ConfigNode::Kind::integer) return node.as_integer();
  if (node.kind() != ConfigNode::Kind::real) return std::nullopt;
  const double value = node.as_real();
  if (std::trunc(value) != value || std::abs(value) >= 0x1p63) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

bool is_at_most(const ConfigNode& one, const ConfigNode& other) {
  const bool whole = one.kind() == ConfigNode::Kind::integer && other.kind() == ConfigNode::Kind::integer;
  return whole ? one.as_integer() <= other.as_integer() : one.as_real() <= other.as_real();
}

bool has_kind(const ConfigNode& value, OptionKind kind) {
  switch (kind) {
    case OptionKind::integer:
      return whole_number(value).has_value();
    case OptionKind::real:
      return value.kind() == ConfigNode::Kind::integer || value.kind() == ConfigNode::Kind::real;
    case OptionKind::flag:
      return value.kind() == ConfigNode::Kind::boolean;
    case OptionKind::text:
    case OptionKind::choice:
      return value.is_text();
    case OptionKind::settings:
      return true;
  }
  return false;
}

std::string needed_text(const OptionDescription& option) {
  switch (option.kind) {
    case OptionKind::integer:
    case OptionKind::real:
      return std::string("a ") + kind_name(option.kind) + " (" + option.range_text() + ")";
    case OptionKind::flag:
      return "true or false";
    case OptionKind::choice:
      return "one of " + option.range_text();
    default:
      return "text (in quotes where it looks like something else)";
  }
}

}  // namespace

const char* kind_name(OptionKind kind) {
  switch (kind) {
    case OptionKind::integer:
      return "whole number";
    case OptionKind::real:
      return "number";
    case OptionKind::flag:
      return "yes/no";
    case OptionKind::text:
      return "text";
    case OptionKind::choice:
      return "one of";
    case OptionKind::settings:
      return "settings";
  }
  DRAWLAB_ASSERT(!"an option has one of six kinds");
  return "";
}

std::string OptionDescription::range_text() const {
  if (kind == OptionKind::flag) return "true | false";
  if (is_number()) return high.is_null() ? low.preview() + " or more" : low.preview() + ".." + high.preview();
  std::string range;
  for (const std::string& word : words) range += (range.empty() ? "" : " | ") + word;
  return range;
}

std::string OptionDescription::mistake_in(const ConfigNode& value) const {
  const std::string found = name + ": " + (value.is_null() ? "no value given" : value.preview());
  if (!has_kind(value, kind)) {
    return found + (value.is_null() ? "" : " is " + value.kind_text()) + ", need " + needed_text(*this);
  }
  if (is_number()) {
    const bool fits =
        std::isfinite(value.as_real()) && is_at_most(low, value) && (high.is_null() || is_at_most(value, high));
    if (!fits) return found + (high.is_null() ? " is not " : " is outside ") + range_text();
  }
  if (kind == OptionKind::choice && std::ranges::find(words, value.as_text()) == words.end()) {
    const std::string nearest = nearest_word(value.as_text(), words);
    return found + " is none of " + range_text() + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
  }
  return {};
}

OptionTable& OptionTable::add(Binding binding) {
  DRAWLAB_ASSERT(std::ranges::none_of(
      bindings_, [&](const Binding& other) { return other.description.name == binding.description.name; }));
  binding.description.default_value = binding.get();
  bindings_.push_back(std::move(binding));
  return *this;
}

OptionTable& OptionTable::add_integer(std::string name, std::function<std::int64_t()> get,
                                      std::function<void(std::int64_t)> set, std::int64_t low, std::int64_t high,
                                      std::string text) {
  const bool limited = high != std::numeric_limits<std::int64_t>::max();
  return add({{.name = std::move(name),
               .kind = OptionKind::integer,
               .low = ConfigNode::integer(low),
               .high = limited ? ConfigNode::integer(high) : ConfigNode(),
               .text = std::move(text)},
              [get = std::move(get)] { return ConfigNode::integer(get()); },
              [set = std::move(set)](const ConfigNode& value) { set(*whole_number(value)); }});
}

OptionTable& OptionTable::real(std::string name, double& member, double low, double high, std::string text) {
  return add({{.name = std::move(name),
               .kind = OptionKind::real,
               .low = ConfigNode::real(low),
               .high = std::isfinite(high) ? ConfigNode::real(high) : ConfigNode(),
               .text = std::move(text)},
              [&member] { return ConfigNode::real(member); },
              [&member](const ConfigNode& value) { member = value.as_real(); }});
}

OptionTable& OptionTable::flag(std::string name, bool& member, std::string text) {
  return add({{.name = std::move(name), .kind = OptionKind::flag, .text = std::move(text)},
              [&member] { return ConfigNode::boolean(member); },
              [&member](const ConfigNode& value) { member = value.as_boolean(); }});
}

OptionTable& OptionTable::text(std::string name, std::string& member, std::string text) {
  return add({{.name = std::move(name), .kind = OptionKind::text, .text = std::move(text)},
              [&member] { return ConfigNode::text(member); },
              [&member](const ConfigNode& value) { member = value.as_text(); }});
}

OptionTable& OptionTable::add_choice(std::string name, std::vector<std::string> words, std::function<std::string()> get,
                                     std::function<void(const std::string&)> set, std::string text) {
  return add({{.name = std::move(name), .kind = OptionKind::choice, .words = std::move(words), .text = std::move(text)},
              [get = std::move(get)] { return ConfigNode::text(get()); },
              [set = std::move(set)](const ConfigNode& value) { set(value.as_text()); }});
}

OptionTable& OptionTable::settings(std::string name, ConfigNode& member, std::string text) {
  return add({{.name = std::move(name), .kind = OptionKind::settings, .text = std::move(text)},
              [&member] { return member; },
              [&member](const ConfigNode& value) { member = value; }});
}

OptionTable& OptionTable::not_part_of_identity() {
  DRAWLAB_ASSERT(!bindings_.empty());
  bindings_.back().description.affects_result = false;
  return *this;
}

OptionTable& OptionTable::is_path() {
  not_part_of_identity();
  DRAWLAB_ASSERT(bindings_.back().description.kind == OptionKind::text);
  bindings_.back().description.is_path = true;
  return *this;
}

void OptionTable::parse(const ConfigNode& map, Diagnostics& diagnostics) {
  map_where_ = map.where();
  for (Binding& option : bindings_) option.where.reset();
  if (map.is_null()) return;
  if (!map.is_map()) {
    diagnostics.error(map.where(), map.preview() + " is " + map.kind_text() + ", need a map of options");
    return;
  }
  std::vector<std::string> names;
  for (const Binding& option : bindings_) names.push_back(option.description.name);
  for (const ConfigNode::Entry& entry : map.entries()) {
    const auto option = std::find_if(bindings_.begin(), bindings_.end(),
                                     [&](const Binding& candidate) { return candidate.description.name == entry.key; });
    if (option == bindings_.end()) {
      diagnostics.error(entry.key_where, entry.key + ": unknown option" + suggestion(entry.key, names));
    } else if (option->where) {
      diagnostics.error(entry.key_where, entry.key + ": given twice, first at " + option->where->text());
    } else {
      option->where = entry.key_where;
      const std::string mistake = option->description.mistake_in(entry.value);
      if (mistake.empty()) {
        option->set(entry.value);
      } else {
        diagnostics.error(entry.value.where(), mistake);
      }
    }
  }
}

void OptionTable::parse(const ConfigNode& map) {
  Diagnostics diagnostics;
  parse(map, diagnostics);
  diagnostics.throw_if_errors();
}

ConfigNode OptionTable::resolved(bool identity_only) const {
  ConfigNode map = ConfigNode::map(map_where_);
  for (const Binding& option : bindings_) {
    if (identity_only && !option.description.affects_result) continue;
    map.set(option.description.name, option.get(), option.where.value_or(map_where_));
  }
  return map;
}

std::vector<OptionDescription> OptionTable::descriptions() const {
  std::vector<OptionDescription> descriptions;
  for (const Binding& option : bindings_) descriptions.push_back(option.description);
  return descriptions;
}

SourceLocation OptionTable::where(std::string_view name) const {
  for (const Binding& option : bindings_) {
    if (option.description.name == name) return option.where.value_or(map_where_);
  }
  return map_where_;
}

}  // namespace drawlab
