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

/// `--only` names no cell; the sentence lists what there is.
class NothingMatched : public Error {
 public:
  using Error::Error;
};

struct PlanRequest {
  std::vector<std::filesystem::path> files;
  std::vector<std::pair<std::string, std::string>> sets;  // --set key=value
  std::optional<std::string> only;                        // cells whose title contains it
  bool offline = false;
  bool dry_run = false;  // nothing is fetched
};

/// A checked cell, ready to be recorded.
struct PlannedCell {
  std::string title;  // its label, and its seed where the experiment has several
  CellConfig config;
  /// Whole, except where data has to be fetched first: then its identity is empty (dry runs only).
  results::NewRun run;
  DatasetInfo data;  // likewise
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

/// Reads, expands and checks everything: all settings, all plugins, all data, before anything trains. `notice` gets
/// warnings and which data was chosen. Throws ConfigError with every mistake at once, PluginError, DataError,
/// NothingMatched.
Plan make_plan(const PlanRequest& request, PluginHost& plugins, const std::function<void(const std::string&)>& notice);

}  // namespace drawlab::runner
