#pragma once

#include "drawlab/error.hpp"
#include "drawlab/plugin.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace drawlab {

/// No plugin of a name was found; the sentence ends with the nearest known name.
class UnknownPlugin : public PluginError {
 public:
  using PluginError::PluginError;
};

/// The user misspelt a name, or a plugin that is there cannot be used.
inline Cause cause_of(const PluginError& error) {
  return dynamic_cast<const UnknownPlugin*>(&error) != nullptr ? Cause::configuration : Cause::plugin;
}

/// Describes a plugin library that passed the handshake.
struct PluginRecord {
  PluginKind kind;
  std::string name;
  std::string version;
  std::string summary;
  std::string reference;
  std::filesystem::path library;
  std::string sha256;  // of the library file, lower-case hexadecimal
};

/// An open read/write plugin; either half may be absent.
///
/// The functions call the factories. Exceptions that are written for users (ConfigError, DataError, SystemError,
/// PluginError) pass; any other becomes a PluginError that names the library.
struct ReadWritePlugin {
  PluginRecord record;
  const ReadWriteFactories* factories = nullptr;
  bool can_read() const { return factories->make_read != nullptr; }
  bool can_write() const { return factories->make_write != nullptr; }

  std::unique_ptr<PluginOptions> read_options() const;
  std::unique_ptr<ReadMode> make_read(const PluginOptions& options, const ReadSetup& setup) const;
  std::unique_ptr<PluginOptions> write_options() const;
  std::unique_ptr<WriteMode> make_write(const PluginOptions& options, const WriteSetup& setup) const;
};

/// An open dataset plugin. Its functions treat exceptions like those of ReadWritePlugin.
struct DatasetPlugin {
  PluginRecord record;
  const DatasetFactories* factories = nullptr;

  std::unique_ptr<PluginOptions> options() const;
  std::vector<DatasetFile> files(const PluginOptions& options) const;
  std::vector<DatasetRequest> sources(const PluginOptions& options) const;
  std::unique_ptr<Dataset> open(const PluginOptions& options, const DatasetContext& context) const;
};

/// Finds, checks and opens plugin libraries named libdrawlab_<name>.so. Libraries stay open until the process ends.
/// Not safe for use from several threads at once.
class PluginHost {
 public:
  /// Looks in `folders` in order; the first library of a name wins. Folders that do not exist are skipped.
  explicit PluginHost(std::vector<std::filesystem::path> folders);
  ~PluginHost();

  /// --plugin-path folders, then $DRAWLAB_PLUGIN_PATH (separated by ':'), the user's plugin folder
  /// ($XDG_DATA_HOME/drawlab/plugins), then lib/drawlab/plugins beside the running program's folder, then
  /// drawlab/plugins beside the core library, which is right wherever an installation puts its libraries.
  static std::vector<std::filesystem::path> standard_folders(const std::vector<std::filesystem::path>& extra = {});

  /// Opens the plugin of that name. Throws PluginError: unknown (with the nearest known name), refused (one sentence
  /// with what was found and what is needed), or of the other kind.
  const ReadWritePlugin& read_write(const std::string& name);
  const DatasetPlugin& dataset(const std::string& name);

  /// The library of a plugin's name. Throws UnknownPlugin.
  std::filesystem::path path_of(const std::string& name) const;
  /// The names of the libraries found, sorted, whether or not they would pass; nothing is opened.
  const std::vector<std::string>& names() const { return names_; }
  /// Every plugin that passes, by name, and the refusals of those that do not.
  struct Listing {
    std::vector<PluginRecord> plugins;
    std::vector<std::string> refusals;
  };
  Listing list();

  /// Checks a library by its path and opens it, from any folder. Throws PluginError.
  static const PluginDescriptor& open(const std::filesystem::path& library);

  /// Warnings, each once: a library or folder that others may write to while root runs it, a folder that cannot be
  /// listed.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  /// Opens the plugin of that name, of either kind, unless it is open already.
  void load(const std::string& name);
  void warn(const std::string& sentence);

  std::vector<std::filesystem::path> folders_;
  std::vector<std::string> names_;
  std::vector<std::string> warnings_;
  std::map<std::string, std::unique_ptr<ReadWritePlugin>> read_write_;
  std::map<std::string, std::unique_ptr<DatasetPlugin>> datasets_;
};

}  // namespace drawlab
