#include "host/plugin_host.hpp"

#include "drawlab/error.hpp"

#include "host/plugin_library.hpp"
#include "system/user_folders.hpp"

#include <boost/dll/runtime_symbol_info.hpp>

#include <algorithm>
#include <set>
#include <sstream>
#include <system_error>

namespace drawlab {

namespace {

PluginRecord record_of(const std::filesystem::path& library, const PluginLibrary& opened) {
  const PluginDescriptor& descriptor = *opened.descriptor;
  return {static_cast<PluginKind>(descriptor.kind),
          descriptor.name,
          descriptor.version,
          descriptor.summary,
          descriptor.reference,
          library,
          opened.sha256};
}

/// Calls a plugin's factory. A null result, and an exception that was not written for users, become a PluginError that
/// names the library.
template <class Factory, class... Arguments>
auto call_factory(const PluginRecord& record, const char* what, Factory* factory, const Arguments&... arguments) {
  const std::string place = record.library.string() + ": ";
  if (factory == nullptr) throw PluginError(place + "'" + record.name + "' has no " + what);
  try {
    auto made = factory(arguments...);
    if constexpr (requires { made == nullptr; }) {
      if (made == nullptr) throw PluginError(place + "'" + record.name + "' made nothing of its " + what);
    }
    return made;
  } catch (const ConfigError&) {
    throw;
  } catch (const DataError&) {
    throw;
  } catch (const SystemError&) {
    throw;
  } catch (const PluginError&) {
    throw;
  } catch (const std::exception& error) {
    throw PluginError(place + "'" + record.name + "' failed at its " + what + ": " + error.what());
  }
}

std::string listed(const std::vector<std::filesystem::path>& folders) {
  std::string text;
  for (const auto& folder : folders) text += (text.empty() ? "" : ", ") + folder.string();
  return text.empty() ? "no folder" : text;
}

}  // namespace

std::unique_ptr<PluginOptions> ReadWritePlugin::read_options() const {
  return call_factory(record, "read options", factories->read_options);
}

std::unique_ptr<ReadMode> ReadWritePlugin::make_read(const PluginOptions& options, const ReadSetup& setup) const {
  return call_factory(record, "read half", factories->make_read, options, setup);
}

std::unique_ptr<PluginOptions> ReadWritePlugin::write_options() const {
  return call_factory(record, "write options", factories->write_options);
}

std::unique_ptr<WriteMode> ReadWritePlugin::make_write(const PluginOptions& options, const WriteSetup& setup) const {
  return call_factory(record, "write half", factories->make_write, options, setup);
}

std::unique_ptr<PluginOptions> DatasetPlugin::options() const {
  return call_factory(record, "options", factories->options);
}

std::vector<DatasetFile> DatasetPlugin::files(const PluginOptions& options) const {
  return call_factory(record, "list of files", factories->files, options);
}

std::vector<DatasetRequest> DatasetPlugin::sources(const PluginOptions& options) const {
  return call_factory(record, "list of sources", factories->sources, options);
}

std::unique_ptr<Dataset> DatasetPlugin::open(const PluginOptions& options, const DatasetContext& context) const {
  return call_factory(record, "opening", factories->open, options, context);
}

PluginHost::PluginHost(std::vector<std::filesystem::path> folders) : folders_(std::move(folders)) {
  std::set<std::string> names;
  for (const std::filesystem::path& folder : folders_) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) continue;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      if (std::string name = plugin_name_of(entry->path()); !name.empty()) names.insert(std::move(name));
    }
    if (error) warn(folder.string() + ": this plugin folder cannot be listed: " + error.message());
  }
  names_.assign(names.begin(), names.end());
}

PluginHost::~PluginHost() = default;

std::vector<std::filesystem::path> PluginHost::standard_folders(const std::vector<std::filesystem::path>& extra) {
  std::vector<std::filesystem::path> folders = extra;
  std::istringstream variable(environment("DRAWLAB_PLUGIN_PATH"));
  for (std::string folder; std::getline(variable, folder, ':');) {
    if (!folder.empty()) folders.emplace_back(folder);
  }
  folders.push_back(user_data_folder() / "plugins");
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) folders.push_back(program.parent_path().parent_path() / "lib" / "drawlab" / "plugins");
  boost::system::error_code unknown;
  const std::filesystem::path core = boost::dll::this_line_location(unknown).native();
  if (!unknown) folders.push_back(std::filesystem::weakly_canonical(core, error).parent_path() / "drawlab" / "plugins");
  std::vector<std::filesystem::path> distinct;
  for (const std::filesystem::path& folder : folders) {
    const std::filesystem::path normal = folder.lexically_normal();
    if (std::find(distinct.begin(), distinct.end(), normal) == distinct.end()) distinct.push_back(normal);
  }
  return distinct;
}

const ReadWritePlugin& PluginHost::read_write(const std::string& name) {
  load(name);
  if (const auto dataset = datasets_.find(name); dataset != datasets_.end()) {
    throw PluginError(dataset->second->record.library.string() + ": '" + name +
                      "' is a dataset plugin, need a read/write plugin");
  }
  return *read_write_.at(name);
}

const DatasetPlugin& PluginHost::dataset(const std::string& name) {
  load(name);
  if (const auto mode = read_write_.find(name); mode != read_write_.end()) {
    throw PluginError(mode->second->record.library.string() + ": '" + name +
                      "' is a read/write plugin, need a dataset plugin");
  }
  return *datasets_.at(name);
}

PluginHost::Listing PluginHost::list() {
  Listing listing;
  for (const std::string& name : names_) {
    try {
      load(name);
      const auto mode = read_write_.find(name);
      listing.plugins.push_back(mode != read_write_.end() ? mode->second->record : datasets_.at(name)->record);
    } catch (const PluginError& error) {
      listing.refusals.emplace_back(error.what());
    }
  }
  return listing;
}

const PluginDescriptor& PluginHost::open(const std::filesystem::path& library) {
  return *open_plugin_library(library).descriptor;
}

std::filesystem::path PluginHost::path_of(const std::string& name) const {
  for (const std::filesystem::path& folder : folders_) {
    std::filesystem::path library = folder / (kPluginFilePrefix + name + ".so");
    std::error_code error;
    // A broken link is found too: its refusal says more than "unknown" would.
    if (std::filesystem::exists(std::filesystem::symlink_status(library, error))) return library;
  }
  throw UnknownPlugin("unknown plugin '" + name + "'" + suggestion(name, names_) + " (looked in " + listed(folders_) +
                      ")");
}

void PluginHost::load(const std::string& name) {
  if (read_write_.contains(name) || datasets_.contains(name)) return;
  const std::filesystem::path library = path_of(name);
  warn(write_permission_warning(library));
  warn(write_permission_warning(library.parent_path()));
  const PluginLibrary opened = open_plugin_library(library);
  const PluginRecord record = record_of(library, opened);
  const void* const factories = opened.descriptor->factories;
  if (record.kind == PluginKind::read_write) {
    read_write_[name] =
        std::make_unique<ReadWritePlugin>(ReadWritePlugin{record, static_cast<const ReadWriteFactories*>(factories)});
  } else {
    datasets_[name] =
        std::make_unique<DatasetPlugin>(DatasetPlugin{record, static_cast<const DatasetFactories*>(factories)});
  }
}

void PluginHost::warn(const std::string& sentence) {
  if (sentence.empty() || std::find(warnings_.begin(), warnings_.end(), sentence) != warnings_.end()) return;
  warnings_.push_back(sentence);
}

}  // namespace drawlab
