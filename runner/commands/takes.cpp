#include "runner/commands/takes.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/canned_query.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace drawlab::runner {
namespace {

const std::string& as_typed(const std::string& typed) { return typed; }

/// A number in [low, high]; `what` it is: "number", "whole number".
template <class Number>
Takes<Number> number_in(Number low, Number high, std::string name, const char* what) {
  const std::string range = fmt::format("{}..{}", low, high);
  return {{Taken::Kind::text, std::move(name), {}, range}, [=](const std::string& typed) {
            Number number{};
            const char* const end = typed.data() + typed.size();
            const auto found = std::from_chars(typed.data(), end, number);
            if (found.ec != std::errc() || found.ptr != end) {
              throw ConfigError(fmt::format("'{}' is no {} in {}", typed, what, range));
            }
            if (!(number >= low && number <= high)) throw ConfigError(fmt::format("{} is outside {}", typed, range));
            return number;
          }};
}

}  // namespace

Takes<std::string> text(std::string name) { return {{Taken::Kind::text, std::move(name)}, as_typed}; }
Takes<Path> file() { return {{Taken::Kind::file, "FILE"}, as_typed}; }
Takes<Path> folder() { return {{Taken::Kind::folder, "DIR"}, as_typed}; }
Takes<std::string> experiment_name() { return {{Taken::Kind::experiment, "EXPERIMENT"}, as_typed}; }
Takes<std::string> plugin_name() { return {{Taken::Kind::plugin, "NAME"}, as_typed}; }

Takes<std::int64_t> any_integer() {
  using Limits = std::numeric_limits<std::int64_t>;
  Takes<std::int64_t> number = whole_number(Limits::min(), Limits::max(), "N");
  number.taken.range.clear();
  return number;
}

Takes<std::int64_t> run_number() {
  return {{Taken::Kind::run, "RUN"}, [](const std::string& typed) {
            try {
              return whole_number(1, std::numeric_limits<std::int64_t>::max(), "").read(typed);
            } catch (const ConfigError&) {
              throw ConfigError(fmt::format("'{}' is no run's number; `drawlab runs` lists them", typed));
            }
          }};
}

Takes<std::string> query_text() {
  Takes<std::string> query = text("NAME_OR_SQL");
  for (const results::CannedQuery& canned : results::canned_queries()) query.taken.words.push_back(canned.name);
  return query;
}

Takes<Setting> setting() {
  return {{Taken::Kind::text, "KEY=VALUE"}, [](const std::string& typed) {
            const std::size_t equals = typed.find('=');
            if (equals == std::string::npos || equals == 0) {
              throw ConfigError(fmt::format("'{}' is no setting; write key=value", typed));
            }
            return std::pair(typed.substr(0, equals), typed.substr(equals + 1));
          }};
}

Takes<results::Format> format_name() {
  std::vector<std::pair<std::string, results::Format>> formats;
  for (const std::string& name : results::format_names()) formats.emplace_back(name, results::format_of(name));
  return word(formats, "NAME");
}

Takes<Split> split_word() {
  std::vector<std::pair<std::string, Split>> splits;
  for (const Split split : kSplits) splits.emplace_back(split_name(split), split);
  return word(splits, "NAME");
}

Takes<double> real(double low, double high, std::string name) {
  return number_in(low, high, std::move(name), "number");
}

Takes<std::int64_t> whole_number(std::int64_t low, std::int64_t high, std::string name) {
  Takes<std::int64_t> number = number_in(low, high, std::move(name), "whole number");
  if (high >= std::int64_t{1} << 40) number.taken.range = fmt::format("{} or more", low);
  return number;
}

std::size_t index_of(const std::string& typed, const std::vector<std::string>& words) {
  const auto found = std::ranges::find(words, typed);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  throw ConfigError(fmt::format("'{}' is none of {}{}", typed, fmt::join(words, ", "),
                                nearest_word(typed, words).empty() ? "" : suggestion(typed, words)));
}

Takes<std::string> one_of(const std::vector<std::string>& words, std::string name) {
  return {{Taken::Kind::text, std::move(name), words},
          [words](const std::string& typed) { return words[index_of(typed, words)]; }};
}

}  // namespace drawlab::runner
