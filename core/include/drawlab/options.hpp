#pragma once

#include "drawlab/config.hpp"
#include "drawlab/diagnostics.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drawlab {

/// What an option holds.
enum class OptionKind { integer, real, flag, text, choice, settings };

/// `whole number`, `number`, `yes/no`, `text`, `one of`, `settings`.
const char* kind_name(OptionKind kind);

/// An option as it was declared. Checks, help, documentation and completion come from it.
struct OptionDescription {
  std::string name;
  OptionKind kind = OptionKind::text;
  ConfigNode low = {};                  // the smallest number allowed; null: no limit
  ConfigNode high = {};                 // the largest number allowed; null: no limit
  std::vector<std::string> words = {};  // those of a choice
  std::string text = {};                // one sentence without a full stop
  ConfigNode default_value = {};
  bool affects_result = true;  // false: left out of a cell's identity
  bool is_path = false;        // names a file or folder

  bool is_number() const { return kind == OptionKind::integer || kind == OptionKind::real; }
  /// The allowed values for people: `1..64`, `0 or more`, `true | false`, `fixed | stochastic`, or empty.
  std::string range_text() const;
  /// Says what is wrong with `value`, beginning with the option's name; empty if the option accepts it.
  std::string mistake_in(const ConfigNode& value) const;
};

/// Binds names to the members of an options structure, each in one line:
/// @code
///   struct GaussianReadOptions {
///     int size = 2;
///     void declare(OptionTable& table) { table.integer("size", size, 1, 64, "filters along each side, N"); }
///   };
/// @endcode
/// The initialiser is the default; parsing, errors, descriptions and the stored configuration come from that line.
/// The table refers to the members: do not move the structure.
class OptionTable {
 public:
  /// A whole number within [low, high].
  template <std::integral Integer>
  OptionTable& integer(std::string name, Integer& member, std::int64_t low, std::int64_t high, std::string text) {
    return add_integer(
        std::move(name), [&member] { return static_cast<std::int64_t>(member); },
        [&member](std::int64_t value) { member = static_cast<Integer>(value); }, low, high, std::move(text));
  }
  /// A finite number within [low, high]; `high` may be infinite.
  OptionTable& real(std::string name, double& member, double low, double high, std::string text);
  /// true or false.
  OptionTable& flag(std::string name, bool& member, std::string text);
  /// Any text.
  OptionTable& text(std::string name, std::string& member, std::string text);
  /// One of a few words, each standing for a value of an enumeration.
  template <class Enum>
  OptionTable& choice(std::string name, Enum& member, std::vector<std::pair<std::string, Enum>> words,
                      std::string text) {
    std::vector<std::string> names;
    names.reserve(words.size());
    for (const auto& word : words) names.push_back(word.first);
    return add_choice(
        std::move(name), std::move(names),
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
  /// A nested tree that its owner checks, such as another dataset's name and options.
  OptionTable& settings(std::string name, ConfigNode& member, std::string text);

  /// Declares that the last option cannot change a result: runs that differ only in it are the same cell.
  OptionTable& not_part_of_identity();
  /// Declares that the last option, a text, is a path: it cannot change a result, and a dataset's files are looked for
  /// there first.
  OptionTable& is_path();

  /// Sets the members named in `map` (null: no options). Mistakes go to `diagnostics`: an unknown key with the nearest
  /// known one, a wrong type, a value outside its range, a key given twice.
  void parse(const ConfigNode& map, Diagnostics& diagnostics);
  /// The same, but throws the mistakes as one ConfigError.
  void parse(const ConfigNode& map);
  /// Every option with its present value, located where it was written; `identity_only` leaves out options that cannot
  /// change a result.
  ConfigNode resolved(bool identity_only = false) const;
  std::vector<OptionDescription> descriptions() const;
  /// Where the last parse found the option, or the map's location if the option was not given.
  SourceLocation where(std::string_view name) const;

 private:
  struct Binding {
    OptionDescription description;
    std::function<ConfigNode()> get;
    std::function<void(const ConfigNode&)> set;  // a value without mistakes
    std::optional<SourceLocation> where = {};
  };
  OptionTable& add_integer(std::string name, std::function<std::int64_t()> get, std::function<void(std::int64_t)> set,
                           std::int64_t low, std::int64_t high, std::string text);
  OptionTable& add_choice(std::string name, std::vector<std::string> words, std::function<std::string()> get,
                          std::function<void(const std::string&)> set, std::string text);
  OptionTable& add(Binding binding);

  std::vector<Binding> bindings_;
  SourceLocation map_where_;
};

/// A plugin's options structure with its table; only the plugin knows the type.
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

/// Wraps a structure that has `declare(OptionTable&)`.
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
