#include "runner/experiment/cell_labels.hpp"

#include "runner/experiment/settings_path.hpp"

#include <algorithm>

namespace drawlab::runner {
namespace {

/// What is varied, with the settings of a section in place of the section, and without the seed.
std::vector<std::string> varied_settings(const std::vector<GridCell>& cells, const std::vector<std::string>& varied) {
  std::vector<std::string> settings;
  const auto add = [&](const std::string& key) {
    if (std::find(settings.begin(), settings.end(), key) == settings.end()) settings.push_back(key);
  };
  for (const std::string& key : varied) {
    if (key == "seed") continue;
    if (key != "model" && key != "training") {
      add(key);
      continue;
    }
    for (const GridCell& cell : cells) {
      const ConfigNode* section = cell.settings.find(key);
      if (section == nullptr || !section->is_map()) continue;
      for (const ConfigNode::Entry& entry : section->entries()) add(key + '.' + entry.key);
    }
  }
  // Where a whole choice varies, its options are part of the choice.
  const std::vector<std::string> all = settings;
  std::erase_if(settings, [&](const std::string& key) {
    return std::any_of(all.begin(), all.end(), [&](const std::string& other) { return key.starts_with(other + '.'); });
  });
  return settings;
}

std::string setting_text(const GridCell& cell, const std::string& key) {
  const ConfigNode* value = find_setting(cell.settings, key);
  return value == nullptr ? "default" : label_text(*value);
}

std::string last_part(const std::string& key) { return key.substr(key.rfind('.') + 1); }

std::string short_name(const std::string& key, const std::vector<std::string>& keys) {
  const std::string name = last_part(key);
  const auto same =
      std::count_if(keys.begin(), keys.end(), [&](const std::string& other) { return last_part(other) == name; });
  return same > 1 ? key : name;
}

}  // namespace

void label_cells(std::vector<GridCell>& cells, const std::vector<std::string>& varied) {
  if (cells.empty()) return;
  std::vector<std::string> keys = varied_settings(cells, varied);
  std::erase_if(keys, [&](const std::string& key) {
    const std::string first = setting_text(cells.front(), key);
    return std::all_of(cells.begin(), cells.end(),
                       [&](const GridCell& cell) { return setting_text(cell, key) == first; });
  });
  for (GridCell& cell : cells) {
    for (const std::string& key : keys) {
      if (!cell.label.empty()) cell.label += ' ';
      cell.label += short_name(key, keys) + '=' + setting_text(cell, key);
    }
    if (cell.label.empty()) cell.label = "base";
  }
}

std::string label_text(const ConfigNode& value) {
  if (value.is_text()) return value.as_text();
  if (!value.is_map()) return value.preview();
  std::string text;
  for (const ConfigNode::Entry& entry : value.entries()) {
    if (!text.empty()) text += ',';
    if (entry.value.is_map()) {
      text += entry.key;
      std::string options;
      for (const ConfigNode::Entry& option : entry.value.entries()) {
        options += (options.empty() ? "" : ",") + option.key + '=' + label_text(option.value);
      }
      if (!options.empty()) text += '(' + options + ')';
    } else if (entry.value.is_null() || entry.value.is_list()) {
      text += entry.key;
    } else {
      text += entry.key + '=' + label_text(entry.value);
    }
  }
  return text;
}

}  // namespace drawlab::runner
