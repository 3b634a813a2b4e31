#pragma once

#include "host/plugin_host.hpp"
#include "results/store.hpp"
#include "runner/commands/command_line.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace drawlab::runner {

// Options and arguments of several commands. Each is a member of the command, made with `{*this}`.

/// --db
struct DatabaseOption {
  const Path& path;
  explicit DatabaseOption(CommandLine& line)
      : path(line.option("db", file(), "results database", "results/drawlab.sqlite")) {}
  results::Store open_to_read() const { return results::Store(path, results::Store::Mode::read_only); }
  /// Throws DatabaseError if there is no such file.
  results::Store open_to_write() const;
};

/// --plugin-path
struct PluginPathOption {
  const std::vector<Path>& given;
  explicit PluginPathOption(CommandLine& line)
      : given(line.options("plugin-path", folder(), "folder of plugins, searched before the others")) {}
  std::vector<std::filesystem::path> absolute_folders() const;
  std::vector<std::filesystem::path> all_folders() const { return PluginHost::standard_folders(absolute_folders()); }
  PluginHost open() const { return PluginHost(all_folders()); }
};

/// --format
struct FormatOption {
  const results::Format& format;
  explicit FormatOption(CommandLine& line) : format(line.option("format", format_name(), "output format", "table")) {}
  /// Prints a table to stdout.
  void print(const results::Table& table) const;
};

/// -o; empty if not given.
inline const Path& output_option(CommandLine& line, const std::string& text, Need need = Need::required) {
  return line.option("output,o", file(), text, "", need);
}

/// --threads
struct ThreadsOption {
  const std::optional<int>& given;
  explicit ThreadsOption(CommandLine& line)
      : given(line.optional("threads", integer<int>(1, 4096), "number of threads; all cores if not given")) {}
  int count() const;
};

/// RUN
inline const results::RunId& run_argument(CommandLine& line) {
  return line.argument(run_number(), "number of a run; `drawlab runs` lists them");
}

/// EXPERIMENT
inline const std::string& experiment_argument(CommandLine& line, Need need = Need::optional) {
  return line.argument(experiment_name(), "name of an experiment in the database", need);
}

/// RUN, --db and --plugin-path, for commands that use a run's checkpoint.
struct RunOption {
  const results::RunId& run;
  DatabaseOption database;
  PluginPathOption plugins;
  explicit RunOption(CommandLine& line) : run(run_argument(line)), database(line), plugins(line) {}
};

/// --seed, for samples.
struct SeedOption {
  const std::optional<std::int64_t>& given;
  explicit SeedOption(CommandLine& line);
  std::uint64_t or_else(std::uint64_t run_seed) const { return given ? static_cast<std::uint64_t>(*given) : run_seed; }
};

/// --temperature, for samples.
inline const double& temperature_option(CommandLine& line) {
  return line.option("temperature", real(0, 100, "X"),
                     "standard deviation of the latent noise: below 1 gives more typical samples, above 1 wilder ones",
                     "1");
}

/// Throws ConfigError if the database has no such run.
results::RunRow require_run(const results::Store& store, results::RunId id);
/// Throws ConfigError if the database has no run of that experiment; names the nearest.
void require_experiment(const results::Store& store, const std::string& experiment);

}  // namespace drawlab::runner
