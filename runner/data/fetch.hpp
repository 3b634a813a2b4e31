#pragma once

#include "drawlab/config.hpp"

#include "host/dataset_host.hpp"
#include "host/plugin_host.hpp"
#include "runner/data/download.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace drawlab::runner {

/// Downloads the missing files of a dataset and its sources into the user's cache and returns their paths. Throws
/// DataError, PluginError, and ConfigError for mistakes in `options` (a map or null).
std::vector<std::filesystem::path> fetch_dataset(PluginHost& plugins, const std::string& name,
                                                 const ConfigNode& options, const DownloadOptions& download_options);

/// Options of a dataset that read one set of files, such as MNIST's fixed binarisation or its grey images.
struct DatasetVariant {
  ConfigNode options;              // null: the defaults
  std::string label;               // `binarization: stochastic, threshold, none`; empty if there is only one variant
  std::vector<LocatedFile> files;  // empty: the dataset reads no files
  /// The names of the files that are missing or whose archive was not unpacked completely.
  std::vector<std::string> missing() const;
  bool is_on_disk() const { return missing().empty(); }
};

/// Every set of files that a dataset may read, starting with the default options. If `options` has entries, there is
/// only their variant. Throws PluginError, and ConfigError for mistakes in `options`.
std::vector<DatasetVariant> dataset_variants(PluginHost& plugins, const std::string& name, const ConfigNode& options);

}  // namespace drawlab::runner
