#pragma once

#include <boost/program_options.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace drawlab::runner {

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

/// A word that must be one of a few. Throws ConfigError with the nearest.
void require_word(const std::string& option, const std::string& word, const std::vector<std::string>& known);

}  // namespace drawlab::runner
