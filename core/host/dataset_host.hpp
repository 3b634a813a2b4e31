#pragma once

#include "drawlab/dataset.hpp"

#include "host/plugin_host.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace drawlab {

/// A file of a dataset and its place on disk.
struct LocatedFile {
  std::string dataset;  // the dataset that needs it: the requested one, or one of its sources
  DatasetFile file;
  std::filesystem::path path;  // empty: none of its names exists in any folder
};

/// Called while a dataset opens, with the share of `what` that is done, between 0 and 1.
using OpeningProgress = std::function<void(const std::string& what, double share)>;

/// Opens datasets by name and options, each with a DatasetContext.
class DatasetHost {
 public:
  DatasetHost(PluginHost& plugins, std::uint64_t seed, OpeningProgress progress = {})
      : plugins_(plugins), seed_(seed), progress_(std::move(progress)) {}

  /// `options` is a map or null. Throws ConfigError if it has mistakes, DataError if files are missing or damaged,
  /// PluginError if the plugin is unknown or refused.
  std::unique_ptr<Dataset> open(const std::string& name, const ConfigNode& options) const;

  /// The files that these options need, those of its sources included, each with its path if found. Looks for them on
  /// disk without reading any. Throws ConfigError, PluginError.
  std::vector<LocatedFile> files(const std::string& name, const ConfigNode& options) const;

  /// The folders searched for a dataset's files, in order: `path` (if not empty; a leading ~ is the home folder),
  /// $DRAWLAB_DATA/<name>, $XDG_CACHE_HOME/drawlab/<name> (~/.cache by default). Downloads go to the last one.
  static std::vector<std::filesystem::path> folders(const std::string& name, const std::string& path = {});

  /// The same for a dataset with these options: `path` is the option that the plugin declares with is_path().
  std::vector<std::filesystem::path> folders_of(const std::string& name, const ConfigNode& options) const;

 private:
  void add_files(const std::string& name, const ConfigNode& options, std::vector<std::string>& chain,
                 std::vector<LocatedFile>& located) const;

  PluginHost& plugins_;
  std::uint64_t seed_;
  OpeningProgress progress_;
};

}  // namespace drawlab
