#pragma once

#include "drawlab/dataset.hpp"

#include "results/store.hpp"
#include "runner/commands/recorded_run.hpp"

#include <boost/program_options.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace drawlab::runner {

/// As the only word: a command prints its option table, a line each with tabs between the fields, for completion and
/// the manual page.
inline constexpr const char* kDescribeOption = "--describe-options";

/// What one command accepts, and its help.
class Arguments {
 public:
  /// `usage` follows `drawlab `: "run FILE… [options]".
  Arguments(std::string usage, std::string summary);

  /// Options by Boost.Program_options' syntax; they are what `--help` lists.
  boost::program_options::options_description_easy_init add() { return visible_.add_options(); }
  /// A positional argument, or all that remain when `many`.
  void positional(const std::string& name, bool many = false);

  /// Reads the words after the command. Nothing comes back after `--help`, which is written to `out`.
  /// Throws ConfigError: an unknown option with the nearest known one, a missing value, a word too many.
  std::optional<boost::program_options::variables_map> parse(const std::vector<std::string>& words, std::ostream& out);

 private:
  void describe(std::ostream& out) const;

  std::string usage_;
  std::string summary_;
  boost::program_options::options_description visible_;
  boost::program_options::options_description hidden_;
  boost::program_options::positional_options_description positions_;
};

/// The options that many commands share.
void add_database_option(Arguments& arguments);
void add_plugin_path_option(Arguments& arguments);
void add_format_option(Arguments& arguments);
/// --seed and --temperature, of samples.
void add_drawing_options(Arguments& arguments);

/// What was given of those and other options.
std::filesystem::path database_path(const boost::program_options::variables_map& values);
/// The --plugin-path folders, absolute.
std::vector<std::filesystem::path> plugin_folders(const boost::program_options::variables_map& values);
/// The words of a positional argument or a repeated option; empty where there are none.
std::vector<std::string> words_of(const boost::program_options::variables_map& values, const std::string& name);
/// The one positional argument of that name. Throws ConfigError that says what it is where it is missing.
std::string required_word(const boost::program_options::variables_map& values, const std::string& name,
                          const std::string& what);
/// A run's number. Throws ConfigError.
std::int64_t run_number(const std::string& word);

/// `key=value`, taken apart. Throws ConfigError.
std::pair<std::string, std::string> setting_of(const std::string& word);
/// The whole number of an option, or `standard` where it was not given. Throws ConfigError outside low..high.
std::int64_t whole_number(const boost::program_options::variables_map& values, const char* name, std::int64_t low,
                          std::int64_t high, std::int64_t standard);
/// The temperature that was asked for. Throws ConfigError outside 0..100.
double temperature_of(const boost::program_options::variables_map& values);
/// The seed that was asked for, or the run's.
std::uint64_t seed_for(const boost::program_options::variables_map& values, const RecordedRun& run);
/// A split by its name. Throws ConfigError with the nearest.
Split split_of(const std::string& word);
/// Throws DatabaseError where there is no such file: to open it for writing would make one.
void require_database(const std::filesystem::path& path);

/// Throws ConfigError where the database has no run of that experiment, with the nearest name.
void require_experiment(const results::Store& store, const std::string& experiment);
/// A text as part of a file's name: what could lead elsewhere or be misread becomes `_`, and long ones are cut.
std::string file_name_of(const std::string& text);

/// A word that must be one of a few. Throws ConfigError with the nearest.
void require_word(const std::string& option, const std::string& word, const std::vector<std::string>& known);

}  // namespace drawlab::runner
