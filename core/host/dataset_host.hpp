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

/// Where one file of a dataset was looked for and whether it is there.
struct LocatedFile {
  std::string dataset;  // whose file it is: the one that was asked for, or one that it is made of
  DatasetFile file;
  std::filesystem::path path;  // empty: none of its names exists in any place
};

/// Shown how much of `what` is done while a dataset opens: `share` between 0 and 1.
using OpeningProgress = std::function<void(const std::string& what, double share)>;

/// Opens datasets by name and options, and answers what they ask for while they open.
class DatasetHost {
 public:
  DatasetHost(PluginHost& plugins, std::uint64_t seed, OpeningProgress progress = {})
      : plugins_(plugins), seed_(seed), progress_(std::move(progress)) {}

  /// `options` is a map or null. Mistakes in it go to `diagnostics`, and nullptr comes back; throws DataError when
  /// files are missing or damaged, PluginError when the plugin is unknown or refused.
  std::unique_ptr<Dataset> open(const std::string& name, const ConfigNode& options, Diagnostics& diagnostics) const;

  /// The files that these options need, its sources' included, each with its place where found. Looks at the disk only,
  /// reads nothing.
  std::vector<LocatedFile> files(const std::string& name, const ConfigNode& options, Diagnostics& diagnostics) const;

  /// The folders in which a dataset's files are looked for, in order: `path` (where not empty; a leading ~ is the home
  /// folder), $DRAWLAB_DATA/<name>,
  /// $XDG_CACHE_HOME/drawlab/<name> (~/.cache by default). The last one is where downloads go.
  static std::vector<std::filesystem::path> folders(const std::string& name, const std::string& path = {});

  /// The same for a dataset with these options: `path` is the option that the plugin declares with is_path().
  std::vector<std::filesystem::path> folders_of(const std::string& name, const ConfigNode& options) const;

 private:
  void add_files(const std::string& name, const ConfigNode& options, std::vector<std::string>& chain,
                 std::vector<LocatedFile>& located, Diagnostics& diagnostics) const;

  PluginHost& plugins_;
  std::uint64_t seed_;
  OpeningProgress progress_;
};

}  // namespace drawlab
