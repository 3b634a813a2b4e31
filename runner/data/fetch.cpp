#include "runner/data/fetch.hpp"

#include "drawlab/error.hpp"

#include "runner/data/unpack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace drawlab::runner {

namespace {

bool are_same_files(const std::vector<LocatedFile>& some, const std::vector<LocatedFile>& others) {
  return std::ranges::equal(some, others, [](const LocatedFile& one, const LocatedFile& other) {
    return one.file.names == other.file.names;
  });
}

bool is_archived(const DatasetFile& file) { return !file.archive_folder.empty() && !file.urls.empty(); }

/// The place of a file's archive until it is unpacked: while it exists, the unpacked files are incomplete. It has its
/// own folder, because it may have the name of a file in it.
std::filesystem::path archive_of(const DatasetFile& file, const std::filesystem::path& folder) {
  const std::string& url = file.urls.front();
  return folder / "archive" / url.substr(url.rfind('/') + 1);
}

bool is_whole(const LocatedFile& file) {
  if (file.path.empty() || !is_archived(file.file)) return !file.path.empty();
  const std::filesystem::path folder = DatasetHost::folders(file.dataset).back();
  const bool was_unpacked =
      std::ranges::any_of(file.file.names, [&](const std::string& name) { return file.path == folder / name; });
  std::error_code error;
  return !was_unpacked || !std::filesystem::exists(archive_of(file.file, folder), error);
}

/// The file's archive, downloaded, unpacked and removed again.
std::filesystem::path fetch_archived(const DatasetFile& file, const std::filesystem::path& folder,
                                     const DownloadOptions& options) {
  std::filesystem::path target = folder / file.names.front();
  const std::filesystem::path place = archive_of(file, folder);
  if (std::filesystem::exists(target) && !std::filesystem::exists(place)) return target;  // another file's brought it
  DatasetFile archive = file;
  archive.names = {place.filename().string()};
  const std::filesystem::path downloaded = download(archive, place.parent_path(), options);
  unpack(downloaded, file.archive_folder, folder);
  if (!std::filesystem::exists(target)) {
    throw DataError(
        fmt::format("{}: has no file {} below '{}'", downloaded.string(), file.names.front(), file.archive_folder));
  }
  std::filesystem::remove(downloaded);
  std::error_code not_empty;
  std::filesystem::remove(downloaded.parent_path(), not_empty);
  return target;
}

/// The words of a choice, the default first.
std::vector<std::string> default_first(const OptionDescription& option) {
  std::vector<std::string> words = option.words;
  std::ranges::stable_partition(words, [&](const std::string& word) { return word == option.default_value.as_text(); });
  return words;
}

}  // namespace

std::vector<std::string> DatasetVariant::missing() const {
  std::vector<std::string> names;
  for (const LocatedFile& file : files) {
    if (!is_whole(file)) names.push_back(file.file.names.front());
  }
  return names;
}

std::vector<std::filesystem::path> fetch_dataset(PluginHost& plugins, const std::string& name,
                                                 const ConfigNode& options, const DownloadOptions& download_options) {
  std::vector<std::filesystem::path> fetched;
  for (const LocatedFile& file : DatasetHost(plugins, 0).files(name, options)) {
    if (is_whole(file)) continue;
    const auto folder = DatasetHost::folders(file.dataset).back();
    fetched.push_back(is_archived(file.file) ? fetch_archived(file.file, folder, download_options)
                                             : download(file.file, folder, download_options));
  }
  return fetched;
}

std::vector<DatasetVariant> dataset_variants(PluginHost& plugins, const std::string& name, const ConfigNode& options) {
  std::vector<DatasetVariant> variants;
  variants.push_back({options, "", DatasetHost(plugins, 0).files(name, options)});
  if (options.is_map() && !options.entries().empty()) return variants;
  const auto plugin_options = plugins.dataset(name).options();
  for (const OptionDescription& option : plugin_options->table().descriptions()) {
    if (option.kind != OptionKind::choice) continue;
    std::vector<DatasetVariant> found;
    for (const std::string& word : default_first(option)) {
      ConfigNode chosen = ConfigNode::map();
      chosen.set(option.name, ConfigNode::text(word));
      auto files = DatasetHost(plugins, 0).files(name, chosen);
      const auto same = std::ranges::find_if(
          found, [&](const DatasetVariant& variant) { return are_same_files(variant.files, files); });
      if (same != found.end()) {
        same->label += ", " + word;
      } else {
        found.push_back({found.empty() ? options : chosen, option.name + ": " + word, std::move(files)});
      }
    }
    if (found.size() > 1) return found;
  }
  return variants;
}

}  // namespace drawlab::runner
