#pragma once

#include "drawlab/diagnostics.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drawlab {

/// A tree of settings, with the place where each was written. Knows nothing of YAML: the runner makes it from a file.
class ConfigNode {
 public:
  enum class Kind { null, boolean, integer, real, text, list, map };

  struct Entry;

  ConfigNode() = default;
  static ConfigNode boolean(bool value, SourceLocation where = {});
  static ConfigNode integer(std::int64_t value, SourceLocation where = {});
  static ConfigNode real(double value, SourceLocation where = {});
  static ConfigNode text(std::string value, SourceLocation where = {});
  static ConfigNode list();  // no default argument below: it would need Entry, of which nothing is known yet
  static ConfigNode list(std::vector<ConfigNode> items, SourceLocation where = {});
  static ConfigNode map(SourceLocation where = {});

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_map() const { return kind_ == Kind::map; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_text() const { return kind_ == Kind::text; }

  /// What the user would call this kind of value: `a whole number`, `a list`, ….
  std::string kind_text() const;
  /// The value as a user would write it, shortened to about 40 characters; for error messages.
  std::string preview() const;

  const SourceLocation& where() const { return where_; }
  void set_where(SourceLocation where) { where_ = std::move(where); }

  bool as_boolean() const;
  std::int64_t as_integer() const;
  /// An integer is a real number too.
  double as_real() const;
  const std::string& as_text() const;

  const std::vector<ConfigNode>& items() const { return items_; }
  std::vector<ConfigNode>& items() { return items_; }

  /// A map's entries in the order in which they were written.
  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<Entry>& entries() { return entries_; }
  /// The value of a key, or nullptr.
  const ConfigNode* find(std::string_view key) const;
  ConfigNode* find(std::string_view key);
  /// Adds or replaces; the key's own place is `key_where`.
  void set(std::string key, ConfigNode value, SourceLocation key_where = {});
  void erase(std::string_view key);

  /// Equal values, wherever they were written and in whatever order a map's keys stand; 1 equals 1.0.
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

/// JSON with sorted keys and the shortest digits that read back to the same number: equal trees give equal text.
std::string to_json(const ConfigNode& node);
/// Inverse of to_json; throws ConfigError on text that is not JSON.
ConfigNode from_json(std::string_view json, const std::string& file = "json");

}  // namespace drawlab
