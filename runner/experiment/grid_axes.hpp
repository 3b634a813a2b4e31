#pragma once

#include "drawlab/config.hpp"
#include "drawlab/diagnostics.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace drawlab::runner {

/// Settings that advance together: one key of `grid`, or the whole of `zip`.
struct GridAxis {
  struct Column {
    std::string key;
    SourceLocation where;
    std::vector<ConfigNode> values;
  };
  std::vector<Column> columns;

  /// The length of the shortest column; unequal lengths are reported when the axis is read.
  std::size_t size() const;
};

/// Reads the axes of `grid` and `zip`. Mistakes go to `diagnostics`.
std::vector<GridAxis> read_axes(const ConfigNode& tree, Diagnostics& diagnostics);

/// A section of the experiment: a list of cells or a map; nullptr if it is absent, empty or of another kind.
const ConfigNode* read_section(const ConfigNode& tree, const char* name, ConfigNode::Kind kind,
                               Diagnostics& diagnostics);

/// Whether the first part of a dotted name is a key of cells.
bool is_cell_setting(const std::string& key);

/// The same, with an error if it is not. The parts that follow are checked with the cell.
bool check_cell_setting(const std::string& key, const SourceLocation& where, const char* section,
                        Diagnostics& diagnostics);

}  // namespace drawlab::runner
