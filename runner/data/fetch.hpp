#pragma once

#include "drawlab/config.hpp"

#include "host/dataset_host.hpp"
#include "host/plugin_host.hpp"
#include "runner/data/download.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace drawlab::runner {

/// Downloads those of a dataset's files, and of its sources', that are not on disk into the user's cache, and returns
/// their paths.
/// Throws DataError, ConfigError for mistakes in `options` (a map or null), PluginError.
std::vector<std::filesystem::path> fetch_dataset(PluginHost& plugins, const std::string& name,
                                                 const ConfigNode& options, const DownloadOptions& download_options);

/// Options that make a dataset read other files than its other options do: MNIST's fixed binarisation and its grey
/// images.
struct DatasetVariant {
  ConfigNode options;              // null: the defaults
  std::string label;               // `binarization: stochastic, threshold, none`; empty where there is only one
  std::vector<LocatedFile> files;  // none: nothing is read
  /// The names of the files that are not there, or whose archive was not unpacked to its end.
  std::vector<std::string> missing() const;
  bool is_on_disk() const { return missing().empty(); }
};

/// Every set of files that a dataset may read, that of the default options first. Where `options` has entries there is
/// one alone, theirs. Throws ConfigError for mistakes in them, PluginError.
std::vector<DatasetVariant> dataset_variants(PluginHost& plugins, const std::string& name, const ConfigNode& options);

}  // namespace drawlab::runner
