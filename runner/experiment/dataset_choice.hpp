#pragma once

#include "drawlab/config.hpp"

#include "host/dataset_host.hpp"

#include <functional>
#include <map>
#include <string>

namespace drawlab::runner {

/// Settles `dataset` settings: `first_available` becomes the first choice whose files are on disk.
class DatasetChooser {
 public:
  using Notice = std::function<void(const std::string&)>;

  DatasetChooser(PluginHost& plugins, Notice notice);

  /// Replaces `first_available` in a cell's settings; any other choice stays. What was taken, and how to fetch what was
  /// not, is said once. Mistakes, and nothing being available, go to `diagnostics`.
  void settle(ConfigNode& cell, Diagnostics& diagnostics);

 private:
  ConfigNode first_available(const ConfigNode& list, Diagnostics& diagnostics);

  PluginHost& plugins_;
  Notice notice_;
  std::map<std::string, ConfigNode> settled_;  // by the list's JSON
};

/// Which of a dataset's files are not on disk, by their names; empty: all are there, or none are needed.
std::vector<std::string> missing_files(PluginHost& plugins, const std::string& name, const ConfigNode& options);

/// Downloads what is missing into the user's cache. Throws DataError.
void fetch_missing(PluginHost& plugins, const std::string& name, const ConfigNode& options,
                   const DatasetChooser::Notice& notice);

}  // namespace drawlab::runner
