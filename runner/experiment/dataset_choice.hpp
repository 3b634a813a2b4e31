#pragma once

#include "drawlab/config.hpp"

#include "host/dataset_host.hpp"

#include <functional>
#include <map>
#include <string>

namespace drawlab::runner {

/// Replaces `first_available` by the first dataset in its list whose files are on disk.
class DatasetChooser {
 public:
  using Notice = std::function<void(const std::string&)>;

  DatasetChooser(PluginHost& plugins, Notice notice);

  /// Replaces `first_available` in a cell's settings; any other choice stays. The notice says once which dataset was
  /// taken, and how to fetch those that are missing. Mistakes go to `diagnostics`, and so does a list of which nothing
  /// is available.
  void settle(ConfigNode& cell, Diagnostics& diagnostics);

 private:
  ConfigNode first_available(const ConfigNode& list, Diagnostics& diagnostics);

  PluginHost& plugins_;
  Notice notice_;
  std::map<std::string, ConfigNode> settled_;  // by the list's JSON
};

/// The names of a dataset's files that are not on disk; empty if all are there or none are needed.
std::vector<std::string> missing_files(PluginHost& plugins, const std::string& name, const ConfigNode& options);

/// Downloads the missing files into the user's cache. Throws DataError.
void fetch_missing(PluginHost& plugins, const std::string& name, const ConfigNode& options,
                   const DatasetChooser::Notice& notice);

}  // namespace drawlab::runner
