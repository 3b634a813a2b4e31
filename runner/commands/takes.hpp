#pragma once

#include "drawlab/dataset.hpp"

#include "results/format.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace drawlab::runner {

using Path = std::filesystem::path;
/// KEY=VALUE.
using Setting = std::pair<std::string, std::string>;

/// What an option or argument takes, as help and completion tell it.
struct Taken {
  enum class Kind { nothing, text, file, folder, run, experiment, plugin };
  Kind kind = Kind::text;
  std::string name;                     // "N", "FILE"
  std::vector<std::string> words = {};  // that completion offers
  std::string range = {};               // "1..4096"; empty: none
};

/// The same with the function that makes a T of a typed word. It throws ConfigError.
template <class T>
struct Takes {
  Taken taken;
  std::function<T(const std::string&)> read;
};

Takes<std::string> text(std::string name = "TEXT");
Takes<Path> file();
Takes<Path> folder();
/// A run, or an experiment, of the database.
Takes<std::int64_t> run_number();
Takes<std::string> experiment_name();
Takes<std::string> plugin_name();
/// The name of a canned query, or SQL.
Takes<std::string> query_text();
Takes<Setting> setting();
/// A format of tables; a split of a dataset.
Takes<results::Format> format_name();
Takes<Split> split_word();
/// A number in [low, high].
Takes<double> real(double low, double high, std::string name);
Takes<std::int64_t> whole_number(std::int64_t low, std::int64_t high, std::string name);

/// A whole number in [low, high].
template <std::integral Integer = std::int64_t>
Takes<Integer> integer(std::int64_t low, std::int64_t high, std::string name = "N") {
  const auto whole = whole_number(low, high, std::move(name));
  return {whole.taken, [read = whole.read](const std::string& typed) { return static_cast<Integer>(read(typed)); }};
}

/// Any whole number.
Takes<std::int64_t> any_integer();

/// The index of `typed` among `words`. Throws ConfigError that names the nearest.
std::size_t index_of(const std::string& typed, const std::vector<std::string>& words);

/// One word out of a few, each standing for a value.
template <class T>
Takes<T> word(const std::vector<std::pair<std::string, T>>& choices, std::string name) {
  Taken taken{Taken::Kind::text, std::move(name)};
  for (const auto& choice : choices) taken.words.push_back(choice.first);
  return {taken,
          [choices, words = taken.words](const std::string& typed) { return choices[index_of(typed, words)].second; }};
}
/// One word out of a few.
Takes<std::string> one_of(const std::vector<std::string>& words, std::string name);

/// Several values in one word, separated by commas.
template <class T>
Takes<std::vector<T>> list(Takes<T> one) {
  one.taken.name += ",…";
  return {one.taken, [read = one.read](const std::string& typed) {
            std::vector<T> values;
            for (std::size_t start = 0; start <= typed.size();) {
              const std::size_t comma = std::min(typed.find(',', start), typed.size());
              values.push_back(read(typed.substr(start, comma - start)));
              start = comma + 1;
            }
            return values;
          }};
}

}  // namespace drawlab::runner
