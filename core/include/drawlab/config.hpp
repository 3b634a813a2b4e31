#pragma once

#include "drawlab/diagnostics.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drawlab {

/// A tree of settings that knows where each was written. The runner builds it from YAML.
class ConfigNode {
 public:
  enum class Kind { null, boolean, integer, real, text, list, map };

  struct Entry;

  ConfigNode() = default;
  static ConfigNode boolean(bool value, SourceLocation where = {});
  static ConfigNode integer(std::int64_t value, SourceLocation where = {});
  static ConfigNode real(double value, SourceLocation where = {});
  static ConfigNode text(std::string value, SourceLocation where = {});
  static ConfigNode list();  // separate, since a default argument below would need the complete Entry
  static ConfigNode list(std::vector<ConfigNode> items, SourceLocation where = {});
  static ConfigNode map(SourceLocation where = {});

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_map() const { return kind_ == Kind::map; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_text() const { return kind_ == Kind::text; }

  /// The kind in the user's words: `a whole number`, `a list`, ….
  std::string kind_text() const;
  /// The value as a user would write it, cut to about 40 characters; for error messages.
  std::string preview() const;

  const SourceLocation& where() const { return where_; }
  void set_where(SourceLocation where) { where_ = std::move(where); }

  bool as_boolean() const;
  std::int64_t as_integer() const;
  /// Accepts integers too.
  double as_real() const;
  const std::string& as_text() const;

  const std::vector<ConfigNode>& items() const { return items_; }
  std::vector<ConfigNode>& items() { return items_; }

  /// The entries of a map, in the order in which they were written.
  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<Entry>& entries() { return entries_; }
  /// The value of a key, or nullptr if the map lacks it.
  const ConfigNode* find(std::string_view key) const;
  ConfigNode* find(std::string_view key);
  /// Adds or replaces an entry; `key_where` locates the key.
  void set(std::string key, ConfigNode value, SourceLocation key_where = {});
  void erase(std::string_view key);

  /// True for equal values, regardless of their locations and of the order of a map's keys; 1 equals 1.0.
  bool same_value(const ConfigNode& other) const;

 private:
  Kind kind_ = Kind::null;
  bool boolean_ = false;
  std::int64_t integer_ = 0;
  double real_ = 0;
  std::string text_;
  std::vector<ConfigNode> items_;
  std::vector<Entry> entries_;
  SourceLocation where_;
};

struct ConfigNode::Entry {
  std::string key;
  SourceLocation key_where;
  ConfigNode value;
};

/// JSON with sorted keys and the shortest digits that read back to the same number: equal trees give equal texts.
std::string to_json(const ConfigNode& node);
/// Inverse of to_json. Throws ConfigError on text that is not JSON.
ConfigNode from_json(std::string_view json, const std::string& file = "json");

}  // namespace drawlab
