#include "runner/commands/arguments.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

std::vector<std::string> long_names(const po::options_description& options) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back("--" + option->long_name());
  return names;
}

}  // namespace

Arguments::Arguments(std::string usage, std::string summary)
    : usage_(std::move(usage)), summary_(std::move(summary)), visible_("Options", 100, 60) {
  add()("help,h", "print this and stop");
}

void Arguments::positional(const std::string& name, bool many) {
  hidden_.add_options()(name.c_str(), po::value<std::vector<std::string>>());
  positions_.add(name.c_str(), many ? -1 : 1);
}

void Arguments::describe(std::ostream& out) const {
  const auto one_line = [](std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  };
  out << "usage\t" << usage_ << "\nsummary\t" << one_line(summary_) << '\n';
  for (const auto& option : visible_.options()) {
    const std::string dash = option->canonical_display_name(po::command_line_style::allow_dash_for_short);
    const bool has_letter = dash.size() == 2 && dash.front() == '-';
    const bool takes_value = option->semantic()->max_tokens() > 0;
    out << "option\t" << option->long_name() << '\t' << (has_letter ? dash.substr(1) : "") << '\t'
        << (takes_value ? option->format_parameter() : "") << '\t' << one_line(option->description()) << '\n';
  }
}

std::optional<po::variables_map> Arguments::parse(const std::vector<std::string>& words, std::ostream& out) {
  if (words.size() == 1 && words.front() == kDescribeOption) {
    describe(out);
    return std::nullopt;
  }
  const std::string command = usage_.substr(0, usage_.find(' '));
  po::options_description all;
  all.add(visible_).add(hidden_);
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    po::variables_map values;
    po::store(po::command_line_parser(words).options(all).positional(positions_).style(style).run(), values);
    if (values.count("help") > 0) {
      out << "Usage: drawlab " << usage_ << "\n\n" << summary_ << "\n\n" << visible_;
      return std::nullopt;
    }
    po::notify(values);
    return values;
  } catch (const po::unknown_option& error) {
    std::string name = error.get_option_name();
    if (!name.starts_with("-")) name = "--" + name;
    throw ConfigError(
        fmt::format("drawlab {}: unknown option '{}'{}", command, name, suggestion(name, long_names(visible_))));
  } catch (const po::too_many_positional_options_error&) {
    throw ConfigError(fmt::format("drawlab {}: too many words; usage: drawlab {}", command, usage_));
  } catch (const po::error& error) {
    throw ConfigError(fmt::format("drawlab {}: {}; usage: drawlab {}", command, error.what(), usage_));
  }
}

void add_database_option(Arguments& arguments) {
  arguments.add()("db", po::value<std::string>()->value_name("PATH")->default_value("results/drawlab.sqlite"),
                  "the results database");
}

void add_plugin_path_option(Arguments& arguments) {
  arguments.add()("plugin-path", po::value<std::vector<std::string>>()->value_name("DIR"),
                  "another folder of plugins, looked at first; may be given several times");
}

void add_format_option(Arguments& arguments) {
  arguments.add()("format", po::value<std::string>()->value_name("NAME")->default_value("table"),
                  "table, csv, tsv, json, jsonl, markdown or latex");
}

void add_drawing_options(Arguments& arguments) {
  arguments.add()("seed", po::value<std::int64_t>()->value_name("N"), "other samples; by default the run's seed");
  arguments.add()("temperature", po::value<double>()->value_name("X")->default_value(1, "1"),
                  "standard deviation of the samples' latent noise: below 1 more typical, above 1 wilder");
}

std::filesystem::path database_path(const po::variables_map& values) { return values["db"].as<std::string>(); }

std::vector<std::filesystem::path> plugin_folders(const po::variables_map& values) {
  std::vector<std::filesystem::path> folders;
  for (const std::string& word : words_of(values, "plugin-path")) folders.push_back(std::filesystem::absolute(word));
  return folders;
}

std::vector<std::string> words_of(const po::variables_map& values, const std::string& name) {
  return values.count(name) > 0 ? values[name].as<std::vector<std::string>>() : std::vector<std::string>();
}

std::string required_word(const po::variables_map& values, const std::string& name, const std::string& what) {
  const auto words = words_of(values, name);
  if (words.empty()) throw ConfigError(fmt::format("{} is missing: {}", name, what));
  return words.front();
}

std::int64_t run_number(const std::string& word) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error == std::errc() && end == word.data() + word.size() && number > 0) return number;
  throw ConfigError(fmt::format("'{}' is no run's number; `drawlab runs` lists them", word));
}

std::int64_t whole_number(const po::variables_map& values, const char* name, std::int64_t low, std::int64_t high,
                          std::int64_t standard) {
  if (values.count(name) == 0) return standard;
  const std::int64_t number = values[name].as<std::int64_t>();
  if (number < low || number > high) {
    throw ConfigError(fmt::format("--{}: {} is outside {}..{}", name, number, low, high));
  }
  return number;
}

double temperature_of(const po::variables_map& values) {
  const double temperature = values["temperature"].as<double>();
  if (!(temperature >= 0 && temperature <= 100)) {
    throw ConfigError(fmt::format("--temperature: {} is outside 0..100", temperature));
  }
  return temperature;
}

std::uint64_t seed_for(const po::variables_map& values, const RecordedRun& run) {
  return values.count("seed") > 0 ? static_cast<std::uint64_t>(values["seed"].as<std::int64_t>()) : run.cell.seed;
}

Split split_of(const std::string& word) {
  std::vector<std::string> names;
  for (const Split split : kSplits) {
    if (word == split_name(split)) return split;
    names.emplace_back(split_name(split));
  }
  require_word("split", word, names);
  return Split::test;
}

void require_database(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) results::Store(path, results::Store::Mode::read_only);
}

void require_experiment(const results::Store& store, const std::string& experiment) {
  std::set<std::string> names;
  for (const results::RunRow& run : store.runs()) names.insert(run.experiment);
  if (names.contains(experiment)) return;
  throw ConfigError(
      results::terminal_text(fmt::format("no runs of experiment '{}' in {}{}", experiment, store.path().string(),
                                         names.empty() ? "" : suggestion(experiment, {names.begin(), names.end()}))));
}

std::string file_name_of(const std::string& text) {
  constexpr std::size_t kLongest = 100;
  std::string name = text.substr(0, kLongest);
  for (char& letter : name) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
    if (!plain) letter = '_';
  }
  return name;
}

void require_word(const std::string& option, const std::string& word, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), word) != known.end()) return;
  throw ConfigError(fmt::format("--{}: '{}' is none of {}{}", option, word, fmt::join(known, ", "),
                                nearest_word(word, known).empty() ? "" : suggestion(word, known)));
}

std::pair<std::string, std::string> setting_of(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw ConfigError(fmt::format("--set: '{}' is no setting; write key=value", word));
  }
  return {word.substr(0, equals), word.substr(equals + 1)};
}

}  // namespace drawlab::runner
