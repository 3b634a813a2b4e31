#include "runner/experiment/grid_axes.hpp"

#include "configuration/cell_config.hpp"
#include "runner/experiment/settings_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace drawlab::runner {
namespace {

/// Reads the columns of `grid` and `zip` one after the other; each setting may be varied only once.
class ColumnReader {
 public:
  explicit ColumnReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  GridAxis::Column read(const ConfigNode::Entry& entry, const char* section) {
    GridAxis::Column column{entry.key, entry.key_where, {}};
    check_cell_setting(entry.key, entry.key_where, section, diagnostics_);
    if (!entry.value.is_list()) {
      diagnostics_.error(entry.value.where(), fmt::format("{}: {}: {} is {}, not a list of values to try", section,
                                                          entry.key, entry.value.preview(), entry.value.kind_text()));
      column.values = {entry.value};
    } else if (entry.value.items().empty()) {
      diagnostics_.error(entry.value.where(), fmt::format("{}: {}: the list of values is empty", section, entry.key));
    } else {
      column.values = entry.value.items();
    }
    for (const std::string& other : varied_) {
      if (settings_overlap(other, entry.key)) {
        diagnostics_.error(entry.key_where,
                           fmt::format("{}: '{}' is varied already, by '{}'", section, entry.key, other));
      }
    }
    varied_.push_back(entry.key);
    return column;
  }

 private:
  Diagnostics& diagnostics_;
  std::vector<std::string> varied_;
};

}  // namespace

std::size_t GridAxis::size() const {
  std::size_t size = columns.front().values.size();
  for (const Column& column : columns) size = std::min(size, column.values.size());
  return size;
}

std::vector<GridAxis> read_axes(const ConfigNode& tree, Diagnostics& diagnostics) {
  std::vector<GridAxis> axes;
  ColumnReader columns(diagnostics);
  if (const ConfigNode* grid = read_section(tree, "grid", ConfigNode::Kind::map, diagnostics)) {
    for (const ConfigNode::Entry& entry : grid->entries()) axes.push_back({{columns.read(entry, "grid")}});
  }
  const ConfigNode* zip = read_section(tree, "zip", ConfigNode::Kind::map, diagnostics);
  if (zip == nullptr || zip->entries().empty()) return axes;
  GridAxis axis;
  for (const ConfigNode::Entry& entry : zip->entries()) axis.columns.push_back(columns.read(entry, "zip"));
  const GridAxis::Column& first = axis.columns.front();
  for (const GridAxis::Column& column : axis.columns) {
    if (column.values.size() == first.values.size()) continue;
    diagnostics.error(column.where, fmt::format("zip: '{}' has {} values, but '{}' has {}; all must have as many",
                                                column.key, column.values.size(), first.key, first.values.size()));
  }
  axes.push_back(std::move(axis));
  return axes;
}

const ConfigNode* read_section(const ConfigNode& tree, const char* name, ConfigNode::Kind kind,
                               Diagnostics& diagnostics) {
  const ConfigNode* node = tree.find(name);
  if (node == nullptr || node->is_null()) return nullptr;
  if (node->kind() == kind) return node;
  diagnostics.error(node->where(), fmt::format("{}: {} is {}, not {}", name, node->preview(), node->kind_text(),
                                               kind == ConfigNode::Kind::list ? "a list of cells (`- key: value`)"
                                                                              : "a map of keys and lists of values"));
  return nullptr;
}

bool is_cell_setting(const std::string& key) {
  return std::ranges::find(cell_keys(), first_part(key)) != cell_keys().end();
}

bool check_cell_setting(const std::string& key, const SourceLocation& where, const char* section,
                        Diagnostics& diagnostics) {
  if (is_cell_setting(key)) return true;
  const std::string first = first_part(key);
  diagnostics.error(where, fmt::format("{}: {}: unknown key{}", section, first, suggestion(first, cell_keys())));
  return false;
}

}  // namespace drawlab::runner
