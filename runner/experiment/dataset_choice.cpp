#include "runner/experiment/dataset_choice.hpp"

#include "drawlab/error.hpp"

#include "configuration/cell_config.hpp"
#include "runner/data/fetch.hpp"
#include "system/stop_signals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace drawlab::runner {
namespace {

std::string folders_text(const std::string& name) {
  std::string text;
  for (const auto& folder : DatasetHost::folders(name)) text += (text.empty() ? "" : ", ") + folder.string();
  return text;
}

/// `mnist is not in A, B; `drawlab data fetch mnist` gets it`, of each dataset whose files are missing.
std::string absence_text(const std::string& name, const std::vector<LocatedFile>& files) {
  std::string text;
  std::vector<std::string> told;
  for (const LocatedFile& file : files) {
    if (!file.path.empty() || std::find(told.begin(), told.end(), file.dataset) != told.end()) continue;
    told.push_back(file.dataset);
    const std::string who = file.dataset == name ? name : fmt::format("{} is made of {}, which", name, file.dataset);
    text += fmt::format("{}{} is not in {}; `drawlab data fetch {}` gets it", text.empty() ? "" : "; ", who,
                        folders_text(file.dataset), file.dataset);
  }
  return text;
}

}  // namespace

DatasetChooser::DatasetChooser(PluginHost& plugins, Notice notice) : plugins_(plugins), notice_(std::move(notice)) {}

void DatasetChooser::settle(ConfigNode& cell, Diagnostics& diagnostics) {
  ConfigNode* choice = cell.find("dataset");
  if (choice == nullptr || !choice->is_map()) return;
  const ConfigNode* list = choice->find("first_available");
  if (list == nullptr) return;
  if (choice->entries().size() > 1) {
    diagnostics.error(choice->where(),
                      "dataset: first_available stands alone; put options beside the names in its list");
    return;
  }
  if (!list->is_list() || list->items().empty()) {
    diagnostics.error(list->where(), fmt::format("dataset: first_available: {} is {}, not a list of datasets",
                                                 list->preview(), list->is_list() ? "empty" : list->kind_text()));
    return;
  }
  const std::string key = to_json(*list);
  auto known = settled_.find(key);
  if (known == settled_.end()) known = settled_.emplace(key, first_available(*list, diagnostics)).first;
  *choice = known->second;
}

ConfigNode DatasetChooser::first_available(const ConfigNode& list, Diagnostics& diagnostics) {
  std::string passed_over;
  ConfigNode taken;
  for (const ConfigNode& item : list.items()) {
    const PluginChoice choice = parse_plugin_choice("dataset", item, diagnostics);
    if (choice.name.empty()) continue;
    std::string absence;
    try {
      absence = absence_text(choice.name, DatasetHost(plugins_, 0).files(choice.name, choice.options));
    } catch (const ConfigError& error) {
      diagnostics.merge(error);
      continue;
    } catch (const PluginError& error) {
      diagnostics.error(item.where(), fmt::format("dataset: {}", error.what()), cause_of(error));
      continue;
    }
    if (!taken.is_null()) continue;  // the rest of the list is checked too
    if (absence.empty()) {
      taken = item;
      if (!passed_over.empty()) notice_(fmt::format("dataset: taking {}: {}", choice.name, passed_over));
    } else {
      passed_over += (passed_over.empty() ? "" : "; ") + absence;
    }
  }
  if (!taken.is_null()) return taken;
  if (!passed_over.empty()) {
    diagnostics.error(list.where(),
                      fmt::format("dataset: none of first_available is on this machine: {}", passed_over));
  }
  return list.items().front();  // the other settings are checked all the same
}

std::vector<std::string> missing_files(PluginHost& plugins, const std::string& name, const ConfigNode& options) {
  std::vector<std::string> missing;
  for (const LocatedFile& file : DatasetHost(plugins, 0).files(name, options)) {
    if (file.path.empty()) missing.push_back(file.file.names.front());
  }
  return missing;
}

void fetch_missing(PluginHost& plugins, const std::string& name, const ConfigNode& options,
                   const DatasetChooser::Notice& notice) {
  notice(fmt::format("dataset: fetching {} into {}", name, DatasetHost::folders(name).back().string()));
  DownloadOptions download_options;
  // Ctrl-C keeps what has arrived for the next time.
  download_options.progress = [](const DownloadProgress&) { return StopSignals::first() == 0; };
  fetch_dataset(plugins, name, options, download_options);
}

}  // namespace drawlab::runner
