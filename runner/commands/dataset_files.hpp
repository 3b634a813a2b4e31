#pragma once

#include "drawlab/config.hpp"

#include "host/plugin_host.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace drawlab::runner {

/// Datasets, and for a single one its options (a map or null).
struct DatasetSelection {
  std::vector<std::string> names;  // none: all that are found
  ConfigNode options = {};
};

// What `drawlab data` does: results go to `out`, messages to `err`. Each returns the exit code: 0, kDataset if a
// dataset is missing, damaged or cannot be downloaded, or a signal's. Throws ConfigError and PluginError.

/// Prints each dataset's files and where they were looked for.
int list_datasets(PluginHost& plugins, const DatasetSelection& chosen, std::ostream& out, std::ostream& err);

/// Downloads the files that are missing and prints their paths.
int fetch_datasets(PluginHost& plugins, const DatasetSelection& chosen, std::ostream& out, std::ostream& err);

/// Opens each dataset that is here, which reads and checks everything. A missing one is a failure only if it is named.
int verify_datasets(PluginHost& plugins, const DatasetSelection& chosen, std::ostream& out, std::ostream& err);

}  // namespace drawlab::runner
