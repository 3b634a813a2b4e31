#pragma once

#include "drawlab/config.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace drawlab {

/// What `drawlab plugins describe` and the documentation say of one option.
struct OptionDescription {
  std::string name;
  std::string type;      // "whole number", "number", "yes/no", "text", "one of", "settings"
  std::string range;     // "1..64", "fixed | stochastic", or empty
  std::string standard;  // the default as a user would write it
  std::string text;      // one sentence without a full stop
  bool affects_result;   // false: left out of a cell's identity
};

/// Binds names to the members of an options structure. A structure is declared once:
/// @code
///   struct GaussianReadOptions {
///     int size = 2;
///     void declare(OptionTable& table) { table.integer("size", size, 1, 64, "filters along each side, N"); }
///   };
/// @endcode
/// The initialiser is the default; parsing, unknown-key and range errors, descriptions and the stored configuration
/// all come from that one line. The table refers to the members: the structure must stay where it is.
class OptionTable {
 public:
  /// A whole number within [low, high].
  template <std::integral Integer>
  OptionTable& integer(std::string name, Integer& member, std::int64_t low, std::int64_t high, std::string text) {
    return add_integer(
        std::move(name), [&member] { return static_cast<std::int64_t>(member); },
        [&member](std::int64_t value) { member = static_cast<Integer>(value); }, low, high, std::move(text));
  }
  /// A number within [low, high]; whole numbers are accepted, not-a-number is not.
  OptionTable& real(std::string name, double& member, double low, double high, std::string text);
  /// true or false.
  OptionTable& flag(std::string name, bool& member, std::string text);
  /// Any text.
  OptionTable& text(std::string name, std::string& member, std::string text);
  /// One word out of a few, each standing for a value of an enumeration.
  template <class Enum>
  OptionTable& choice(std::string name, Enum& member, std::vector<std::pair<std::string, Enum>> words,
                      std::string text) {
    std::vector<std::string> names;
    names.reserve(words.size());
    for (const auto& word : words) names.push_back(word.first);
    return add_choice(
        std::move(name), names,
        [&member, words] {
          for (const auto& word : words) {
            if (word.second == member) return word.first;
          }
          return std::string();
        },
        [&member, words](const std::string& chosen) {
          for (const auto& word : words) {
            if (word.first == chosen) member = word.second;
          }
        },
        std::move(text));
  }
  /// A nested tree that the owner checks itself, such as another dataset's name and options.
  OptionTable& settings(std::string name, ConfigNode& member, std::string text);

  /// Of the option declared last: two runs that differ only in it have the same result (a path, say).
  OptionTable& not_part_of_identity();

  /// Sets the members named in `map` (null stands for no options at all); every mistake goes to `diagnostics`:
  /// an unknown key with the nearest known one, a wrong type, a value outside its range, a key given twice.
  void parse(const ConfigNode& map, Diagnostics& diagnostics);
  /// Every option with its present value, defaults included, at the place where it was written; `identity_only` leaves
  /// out what cannot change a result.
  ConfigNode resolved(bool identity_only = false) const;
  std::vector<OptionDescription> descriptions() const;
  /// Where the option was written by the last parse, or the map's place where it was not.
  SourceLocation where(std::string_view name) const;

 private:
  struct Option {
    OptionDescription description;
    std::function<void(const ConfigNode&, Diagnostics&)> set;
    std::function<ConfigNode()> get;
    std::optional<SourceLocation> where;
  };
  OptionTable& add_integer(std::string name, std::function<std::int64_t()> get, std::function<void(std::int64_t)> set,
                           std::int64_t low, std::int64_t high, std::string text);
  OptionTable& add_choice(std::string name, const std::vector<std::string>& words, std::function<std::string()> get,
                          std::function<void(const std::string&)> set, std::string text);
  OptionTable& add(Option option);

  std::vector<Option> options_;
  SourceLocation map_where_;
};

/// An options structure whose type only its plugin knows, with its table.
class PluginOptions {
 public:
  PluginOptions() = default;
  PluginOptions(const PluginOptions&) = delete;
  PluginOptions& operator=(const PluginOptions&) = delete;
  virtual ~PluginOptions() = default;
  OptionTable& table() { return table_; }
  const OptionTable& table() const { return table_; }

 protected:
  OptionTable table_;
};

/// PluginOptions around a structure with a `declare(OptionTable&)`.
template <class Options>
class TypedOptions final : public PluginOptions {
 public:
  TypedOptions() { values.declare(table_); }
  Options values;
};

/// For a plugin without options.
struct NoOptions {
  void declare(OptionTable&) {}
};

}  // namespace drawlab
