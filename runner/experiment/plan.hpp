#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/error.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"
#include "results/store.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace drawlab::runner {

/// `--only` matches no cell; the sentence lists the cells.
class NothingMatched : public Error {
 public:
  using Error::Error;
};

struct PlanRequest {
  std::vector<std::filesystem::path> files;
  std::vector<std::pair<std::string, std::string>> sets;  // --set key=value
  std::optional<std::string> only;                        // cells whose title contains it
  bool offline = false;
  bool dry_run = false;  // fetches nothing
};

/// A checked cell, ready to be recorded.
struct PlannedCell {
  std::string title;  // its label, and its seed if the experiment has several
  CellConfig config;
  /// Complete, unless data has to be fetched first (dry runs only): then `identity` and `data` are empty.
  results::NewRun run;
  DatasetInfo data;
};

struct PlannedExperiment {
  std::string name;
  std::string description;
  std::filesystem::path file;
  std::string text;
  std::vector<PlannedCell> cells;
};

struct Plan {
  std::vector<PlannedExperiment> experiments;
  std::size_t cell_count() const;
};

/// Reads, expands and checks all settings, plugins and data before anything trains. `notice` receives warnings and the
/// chosen datasets. Reports all mistakes at once: throws ConfigError, PluginError if refused plugins are the only
/// mistakes, DataError if data is, NothingMatched.
Plan make_plan(const PlanRequest& request, PluginHost& plugins, const std::function<void(const std::string&)>& notice);

}  // namespace drawlab::runner
