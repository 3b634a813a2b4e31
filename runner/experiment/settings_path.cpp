#include "runner/experiment/settings_path.hpp"

#include <fmt/format.h>

#include <utility>

namespace drawlab::runner {
namespace {

std::pair<std::string_view, std::string_view> split_first(std::string_view key) {
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) return {key, {}};
  return {key.substr(0, dot), key.substr(dot + 1)};
}

bool is_section(std::string_view key) { return key == "model" || key == "training"; }

void merge(ConfigNode& target, const ConfigNode& value) {
  for (const ConfigNode::Entry& entry : value.entries()) target.set(entry.key, entry.value, entry.key_where);
}

/// `gaussian` written as a word becomes `{gaussian: null}`, so that an option can be set below it.
void unfold_name(ConfigNode& node) {
  ConfigNode choice = ConfigNode::map(node.where());
  choice.set(node.as_text(), ConfigNode(), node.where());
  node = std::move(choice);
}

}  // namespace

std::string first_part(std::string_view key) { return std::string(split_first(key).first); }

const ConfigNode* find_setting(const ConfigNode& cell, std::string_view key) {
  static const ConfigNode no_options;
  const ConfigNode* node = &cell;
  while (!key.empty()) {
    const auto [first, rest] = split_first(key);
    if (node->is_text() && node->as_text() == first) return rest.empty() ? &no_options : nullptr;
    if (!node->is_map()) return nullptr;
    node = node->find(first);
    if (node == nullptr) return nullptr;
    key = rest;
  }
  return node;
}

void set_setting(ConfigNode& cell, const std::string& key, const ConfigNode& value, const SourceLocation& where,
                 Diagnostics& diagnostics) {
  ConfigNode* node = &cell;
  std::string_view rest = key;
  std::string above;
  while (true) {
    const auto [first, below] = split_first(rest);
    if (first.empty() || (below.empty() && rest.size() != first.size())) {
      diagnostics.error(where, fmt::format("'{}' is no setting's name; write section.name", key));
      return;
    }
    if (node->is_null()) *node = ConfigNode::map(where);
    if (node->is_text() && node->as_text() == first) unfold_name(*node);
    const bool other_plugin = (above == "read" || above == "write" || above == "dataset") &&
                              (node->is_text() || (node->is_map() && !node->entries().empty() && !node->find(first)));
    if (other_plugin) {
      const std::string& chosen = node->is_text() ? node->as_text() : node->entries().front().key;
      diagnostics.error(where, fmt::format("{} sets an option of '{}', but {} is '{}'", key, first, above, chosen));
      return;
    }
    if (!node->is_map()) {
      diagnostics.error(where, fmt::format("{} cannot be set: {} is {}, not a section", key, above, node->kind_text()));
      return;
    }
    ConfigNode* next = node->find(first);
    if (below.empty()) {
      if (above.empty() && is_section(first) && next != nullptr && next->is_map() && value.is_map()) {
        merge(*next, value);
      } else {
        node->set(std::string(first), value, where);
      }
      return;
    }
    if (next == nullptr) {
      node->set(std::string(first), ConfigNode::map(where), where);
      next = node->find(first);
    }
    node = next;
    above = std::string(first);
    rest = below;
  }
}

bool settings_overlap(std::string_view one, std::string_view other) {
  if (one.size() > other.size()) std::swap(one, other);
  return other.starts_with(one) && (one.size() == other.size() || other[one.size()] == '.');
}

bool matches_setting(const ConfigNode& pattern, const ConfigNode& value) {
  if (pattern.same_value(value)) return true;
  if (pattern.is_map() && value.is_map()) {
    for (const ConfigNode::Entry& entry : pattern.entries()) {
      const ConfigNode* found = value.find(entry.key);
      if (found == nullptr || !(entry.value.is_null() || matches_setting(entry.value, *found))) return false;
    }
    return true;
  }
  if (pattern.is_text() && value.is_map()) {
    return value.entries().size() == 1 && value.entries().front().key == pattern.as_text();
  }
  return false;
}

}  // namespace drawlab::runner
