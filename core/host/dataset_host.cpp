#include "host/dataset_host.hpp"

#include "drawlab/error.hpp"

#include "system/user_folders.hpp"

#include <algorithm>
#include <system_error>

namespace drawlab {

namespace {

/// The first accepted name that exists as a file, folder by folder; empty if there is none.
std::filesystem::path found_in(const std::vector<std::filesystem::path>& folders, const DatasetFile& file) {
  for (const std::filesystem::path& folder : folders) {
    for (const std::string& name : file.names) {
      std::error_code error;
      if (std::filesystem::is_regular_file(folder / name, error)) return folder / name;
    }
  }
  return {};
}

/// The folders as a list; a folder that may not be searched says so, because the file may be in it.
std::string places_text(const std::vector<std::filesystem::path>& folders, const std::string& name) {
  std::string text;
  for (const std::filesystem::path& folder : folders) {
    text += (text.empty() ? "" : ", ") + folder.string();
    std::error_code error;
    static_cast<void>(std::filesystem::status(folder / name, error));
    if (error == std::errc::permission_denied) text += " (" + error.message() + ")";
  }
  return text;
}

/// The plugin's options after parsing. Throws ConfigError.
std::unique_ptr<PluginOptions> parse_options(const DatasetPlugin& plugin, const ConfigNode& options) {
  std::unique_ptr<PluginOptions> parsed = plugin.options();
  parsed->table().parse(options);
  return parsed;
}

/// The value of the option that is declared as a path; empty if there is none.
std::string path_option(const OptionTable& table) {
  for (const OptionDescription& option : table.descriptions()) {
    if (option.is_path) return table.resolved().find(option.name)->as_text();
  }
  return {};
}

/// The context of one dataset while it opens; `parent` is the context of the dataset that opens it.
class OpeningContext final : public DatasetContext {
 public:
  OpeningContext(PluginHost& plugins, std::uint64_t seed, const OpeningProgress& progress, std::string name,
                 const OptionTable& options, const OpeningContext* parent)
      : plugins_(plugins),
        seed_(seed),
        progress_(progress),
        name_(std::move(name)),
        options_(options),
        parent_(parent) {}

  std::uint64_t seed() const override { return seed_; }

  std::filesystem::path locate(const DatasetFile& file, const std::string& path) const override {
    const auto folders = DatasetHost::folders(name_, path);
    if (auto found = found_in(folders, file); !found.empty()) return found;
    std::string names;
    for (const std::string& name : file.names) names += (names.empty() ? "" : " or ") + name;
    throw DataError("dataset '" + name_ + "': " + names + " is in none of " +
                    places_text(folders, file.names.empty() ? std::string() : file.names.front()) +
                    (file.urls.empty() ? "; it cannot be downloaded, put it into one of them"
                                       : "; `drawlab data fetch " + name_ + "` downloads it"));
  }

  std::unique_ptr<Dataset> open(const std::string& name, const ConfigNode& options) const override {
    return open_within(name, options, this, plugins_, seed_, progress_);
  }

  SourceLocation where(std::string_view option) const override { return options_.where(option); }

  void progress(const std::string& what, double share) const override {
    if (progress_) progress_(what, share);
  }

  std::filesystem::path cache_folder() const override { return DatasetHost::folders(name_).back(); }

  std::filesystem::path plugin_folder() const override { return plugins_.path_of(name_).parent_path(); }

  static std::unique_ptr<Dataset> open_within(const std::string& name, const ConfigNode& options,
                                              const OpeningContext* parent, PluginHost& plugins, std::uint64_t seed,
                                              const OpeningProgress& progress) {
    refuse_recursion(name, options, parent);
    const DatasetPlugin& plugin = plugins.dataset(name);
    const auto parsed = parse_options(plugin, options);
    return plugin.open(*parsed, OpeningContext(plugins, seed, progress, name, parsed->table(), parent));
  }

 private:
  static void refuse_recursion(const std::string& name, const ConfigNode& options, const OpeningContext* parent) {
    std::string chain = name;
    for (const OpeningContext* context = parent; context != nullptr; context = context->parent_) {
      chain.insert(0, context->name_ + " -> ");
      if (context->name_ != name) continue;
      throw ConfigError(options.where(),
                        "dataset '" + name + "' is made of itself (" + chain + "); name another source");
    }
  }

  PluginHost& plugins_;
  std::uint64_t seed_;
  const OpeningProgress& progress_;
  std::string name_;
  const OptionTable& options_;
  const OpeningContext* parent_;
};

}  // namespace

std::unique_ptr<Dataset> DatasetHost::open(const std::string& name, const ConfigNode& options) const {
  return OpeningContext::open_within(name, options, nullptr, plugins_, seed_, progress_);
}

std::vector<LocatedFile> DatasetHost::files(const std::string& name, const ConfigNode& options) const {
  std::vector<LocatedFile> located;
  std::vector<std::string> chain;
  add_files(name, options, chain, located);
  return located;
}

void DatasetHost::add_files(const std::string& name, const ConfigNode& options, std::vector<std::string>& chain,
                            std::vector<LocatedFile>& located) const {
  // Opening reports a dataset that is made of itself.
  if (std::ranges::find(chain, name) != chain.end()) return;
  const DatasetPlugin& plugin = plugins_.dataset(name);
  const auto parsed = parse_options(plugin, options);
  const auto places = folders(name, path_option(parsed->table()));
  for (DatasetFile& file : plugin.files(*parsed)) {
    std::filesystem::path path = found_in(places, file);
    located.push_back({name, std::move(file), std::move(path)});
  }
  chain.push_back(name);
  for (const DatasetRequest& source : plugin.sources(*parsed)) {
    add_files(source.name, source.options, chain, located);
  }
  chain.pop_back();
}

std::vector<std::filesystem::path> DatasetHost::folders_of(const std::string& name, const ConfigNode& options) const {
  return folders(name, path_option(parse_options(plugins_.dataset(name), options)->table()));
}

std::vector<std::filesystem::path> DatasetHost::folders(const std::string& name, const std::string& path) {
  std::vector<std::filesystem::path> folders;
  if (!path.empty()) folders.push_back(expand_home(path));
  if (const std::string data = environment("DRAWLAB_DATA"); !data.empty()) folders.push_back(expand_home(data) / name);
  folders.push_back(user_cache_folder() / name);
  return folders;
}

}  // namespace drawlab
