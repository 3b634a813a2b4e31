#pragma once

#include "drawlab/config.hpp"

#include "host/plugin_host.hpp"
#include "runner/data/preview.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace drawlab::runner {

struct DataArguments {
  enum class Action { list, fetch, verify, preview };
  Action action = Action::list;
  /// Datasets; for list and verify none stands for all, preview has one.
  std::vector<std::string> names;
  /// The dataset's options, a map or null; with options, one name.
  ConfigNode options;
  /// `err` is a terminal, where a line may be written over.
  bool is_terminal = false;
  PreviewRequest preview = {};
};

/// Carries out `drawlab data`: results to `out`, messages and progress to `err`. Returns the exit code: 0, 5 when a
/// dataset is missing, damaged or cannot be downloaded, or a signal's. Throws ConfigError and PluginError.
int run_data(PluginHost& plugins, const DataArguments& arguments, std::ostream& out, std::ostream& err);

/// `arguments` are the words after `drawlab data`. Throws likewise.
int data_command(const std::vector<std::string>& arguments);

}  // namespace drawlab::runner
