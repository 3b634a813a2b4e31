#include "results/pivot.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "results/number_text.hpp"

#include <algorithm>
#include <cstddef>
#include <set>

namespace drawlab::results {

namespace {

std::string plain_text(const ConfigNode& node) { return node.is_text() ? node.as_text() : to_json(node); }

/// `{gaussian: {…}}`: a plugin and its options.
bool is_choice(const ConfigNode& node) {
  return node.is_map() && node.entries().size() == 1 && node.entries().front().value.is_map();
}

/// The options of a plugin in which not all of its choices agree.
std::set<std::string> varying_options(const std::vector<const ConfigNode*>& choices, const std::string& plugin) {
  std::map<std::string, std::set<std::string>> values;
  std::size_t count = 0;
  for (const ConfigNode* choice : choices) {
    if (choice == nullptr || !is_choice(*choice) || choice->entries().front().key != plugin) continue;
    ++count;
    for (const auto& option : choice->entries().front().value.entries()) {
      values[option.key].insert(to_json(option.value));
    }
  }
  std::set<std::string> varying;
  for (const auto& [name, found] : values) {
    if (count > 1 && found.size() > 1) varying.insert(name);
  }
  return varying;
}

std::string choice_text(const ConfigNode& choice, const std::set<std::string>& options) {
  const ConfigNode::Entry& plugin = choice.entries().front();
  std::string inside;
  for (const auto& option : plugin.value.entries()) {
    if (options.contains(option.key)) {
      inside += (inside.empty() ? "" : ", ") + option.key + '=' + plain_text(option.value);
    }
  }
  return inside.empty() ? plugin.key : plugin.key + '(' + inside + ')';
}

/// The runs that count (see group_by_cell), by number.
std::vector<RunRow> counted_runs(const std::vector<RunRow>& runs) {
  std::vector<RunRow> kept;
  for (const RunGroup& group : group_by_cell(runs)) kept.insert(kept.end(), group.runs.begin(), group.runs.end());
  std::ranges::sort(kept, {}, &RunRow::id);
  return kept;
}

/// A run's values of the settings that a pivot table is by, or some of them.
using Key = std::vector<std::string>;

/// Each combination of the keys' parts from `first` to `last` once, in the order in which they first appear.
std::vector<Key> distinct(const std::vector<Key>& keys, std::size_t first, std::size_t last) {
  std::vector<Key> found;
  std::set<Key> seen;
  for (const Key& key : keys) {
    const Key part(key.begin() + static_cast<std::ptrdiff_t>(first), key.begin() + static_cast<std::ptrdiff_t>(last));
    if (seen.insert(part).second) found.push_back(part);
  }
  return found;
}

int decimals_for(const RunNumbers& numbers) {
  Table table{{"number"}, {}};
  for (const auto& [run, number] : numbers) table.rows.push_back({number});
  return significant_decimals(table, 0);
}

/// Each run's values of those settings.
std::vector<Key> keys_of(const std::vector<RunRow>& runs, const std::vector<std::string>& by) {
  std::vector<Key> keys(runs.size());
  for (const std::string& name : by) {
    const std::vector<std::string> texts = settings_of(runs, name);
    for (std::size_t i = 0; i < runs.size(); ++i) keys[i].push_back(texts[i]);
  }
  return keys;
}

}  // namespace

std::vector<std::string> settings_of(const std::vector<RunRow>& runs, const std::string& name) {
  std::vector<std::string> texts;
  texts.reserve(runs.size());
  if (name == "cell" || name == "seed" || name == "version") {
    for (const RunRow& run : runs) {
      texts.push_back(name == "cell" ? run.label : name == "seed" ? std::to_string(run.seed) : run.version);
    }
    return texts;
  }
  std::vector<RecordedConfiguration> configurations;
  std::vector<const ConfigNode*> nodes;
  std::set<std::string> known = {"cell", "seed", "version"};
  configurations.reserve(runs.size());
  nodes.reserve(runs.size());
  for (const RunRow& run : runs) {
    const auto settings = configurations.emplace_back(run.configuration()).settings();
    const auto found = settings.find(name);
    nodes.push_back(found == settings.end() ? nullptr : found->second);
    for (const auto& [known_name, node] : settings) known.insert(known_name);
  }
  if (std::all_of(nodes.begin(), nodes.end(), [](const ConfigNode* node) { return node == nullptr; })) {
    throw ConfigError(
        terminal_text("--by: no run has a setting '" + name + "'" + suggestion(name, {known.begin(), known.end()})));
  }
  std::map<std::string, std::set<std::string>> varying;
  for (const ConfigNode* node : nodes) {
    if (node == nullptr) {
      texts.emplace_back();
    } else if (is_choice(*node)) {
      const std::string& plugin = node->entries().front().key;
      if (!varying.contains(plugin)) varying[plugin] = varying_options(nodes, plugin);
      texts.push_back(choice_text(*node, varying[plugin]));
    } else {
      texts.push_back(plain_text(*node));
    }
  }
  return texts;
}

std::vector<std::string> mixed_settings(const std::vector<RunRow>& runs, const std::vector<std::string>& by,
                                        const RunNumbers& numbers) {
  const std::vector<RunRow> rows = counted_runs(runs);
  const auto keys = keys_of(rows, by);
  std::map<Key, std::map<std::string, std::set<std::string>>> values;  // by cell of the table and setting
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!numbers.contains(rows[i].id)) continue;
    const RecordedConfiguration configuration = rows[i].configuration();
    auto& cell = values[keys[i]];
    for (const auto& [name, node] : configuration.settings()) {
      if (is_choice(*node)) cell[name].insert(node->entries().front().key);
      if (!node->is_map()) cell[name].insert(to_json(*node));
    }
  }
  std::set<std::string> mixed;
  for (const auto& [key, settings] : values) {
    for (const auto& [name, found] : settings) {
      if (found.size() > 1 && name != "seed") mixed.insert(name);
    }
  }
  return {mixed.begin(), mixed.end()};
}

Table pivot(const std::vector<RunRow>& runs, const std::vector<std::string>& by, const RunNumbers& numbers,
            const std::string& metric, bool for_people) {
  const std::vector<RunRow> rows = counted_runs(runs);
  const std::vector<Key> keys = keys_of(rows, by);
  std::map<Key, std::vector<double>> found;
  std::map<Key, std::int64_t> counts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ++counts[keys[i]];
    if (const auto number = numbers.find(rows[i].id); number != numbers.end()) found[keys[i]].push_back(number->second);
  }
  Table table;
  if (!for_people) {
    table.columns = by;
    table.columns.insert(table.columns.end(), {"runs", "done", "metric", "mean", "sd"});
    for (const Key& key : distinct(keys, 0, by.size())) {
      const Spread spread = spread_of(found[key]);
      auto& row = table.rows.emplace_back(key.begin(), key.end());
      row.insert(row.end(), {counts[key], spread.count, metric, cell_of(spread.mean), cell_of(spread.deviation)});
    }
    return table;
  }
  const int decimals = decimals_for(numbers);
  const std::size_t split = by.size() > 1 ? by.size() - 1 : by.size();
  table.columns.assign(by.begin(), by.begin() + static_cast<std::ptrdiff_t>(split));
  const std::vector<Key> column_keys = distinct(keys, split, by.size());
  for (const Key& key : column_keys) {
    table.columns.push_back(key.empty() ? metric : by.back() + "=" + key.front());
  }
  for (const Key& row_key : distinct(keys, 0, split)) {
    auto& row = table.rows.emplace_back(row_key.begin(), row_key.end());
    for (const Key& column_key : column_keys) {
      Key key = row_key;
      key.insert(key.end(), column_key.begin(), column_key.end());
      row.emplace_back(spread_text(spread_of(found[key]), decimals));
    }
  }
  return table;
}

}  // namespace drawlab::results
