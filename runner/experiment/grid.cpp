#include "runner/experiment/grid.hpp"

#include "configuration/cell_config.hpp"
#include "runner/experiment/cell_labels.hpp"
#include "runner/experiment/grid_axes.hpp"
#include "runner/experiment/settings_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

namespace drawlab::runner {
namespace {

const std::vector<std::string> kExperimentKeys = {"experiment", "description", "base",    "grid",
                                                  "zip",        "include",     "exclude", "repeats"};
constexpr std::size_t kMaxCells = 10000;
constexpr std::int64_t kMaxRepeats = 1000;

/// Expands a tree step by step; every step adds its mistakes to the diagnostics and goes on where it can.
class Expansion {
 public:
  Expansion(const ConfigNode& tree, std::span<const Override> overrides, Diagnostics& diagnostics)
      : tree_(tree), overrides_(overrides), diagnostics_(diagnostics) {}

  Grid expand() {
    if (!tree_.is_map()) {
      diagnostics_.error(tree_.where(), fmt::format("an experiment is a map of keys, this is {}; known: {}",
                                                    tree_.is_null() ? "empty" : tree_.kind_text(), known_keys()));
      return {};
    }
    apply_experiment_overrides();
    check_keys();
    read_names();
    read_base();
    axes_ = read_axes(tree_, diagnostics_);
    for (const GridAxis& axis : axes_) {
      for (const GridAxis::Column& column : axis.columns) varied_.push_back(column.key);
    }
    read_repeats();
    apply_overrides();
    multiply();
    exclude();
    include();
    repeat();
    label_cells(grid_.cells, varied_);
    return std::move(grid_);
  }

 private:
  static std::string known_keys() { return fmt::format("{}", fmt::join(kExperimentKeys, ", ")); }

  static bool is_experiment_override(const Override& set) {
    return set.key == "experiment" || set.key == "description" || set.key == "repeats";
  }

  void apply_experiment_overrides() {
    for (const Override& set : overrides_) {
      if (is_experiment_override(set)) tree_.set(set.key, set.value, set.value.where());
    }
  }

  void check_keys() {
    for (const ConfigNode::Entry& entry : tree_.entries()) {
      if (std::find(kExperimentKeys.begin(), kExperimentKeys.end(), entry.key) != kExperimentKeys.end()) continue;
      // A setting written outside `base` is the likeliest mistake of all.
      diagnostics_.error(entry.key_where,
                         is_cell_setting(entry.key)
                             ? fmt::format("{}: belongs under 'base'", entry.key)
                             : fmt::format("{}: unknown key{}", entry.key, suggestion(entry.key, kExperimentKeys)));
    }
  }

  void read_names() {
    const ConfigNode* name = tree_.find("experiment");
    if (name == nullptr) {
      diagnostics_.error(tree_.where(), "experiment: a name is needed, such as `experiment: my_ablation`");
    } else if (!name->is_text() || !good_name(name->as_text())) {
      diagnostics_.error(
          name->where(),
          fmt::format("experiment: '{}' is no name; letters, digits, '_', '-' and '.' make one", name->preview()));
    } else {
      grid_.experiment = name->as_text();
    }
    const ConfigNode* description = tree_.find("description");
    if (description == nullptr || description->is_null()) return;
    if (description->is_text()) {
      grid_.description = description->as_text();
    } else {
      diagnostics_.error(description->where(), fmt::format("description: {} is {}, not text", description->preview(),
                                                           description->kind_text()));
    }
  }

  static bool good_name(const std::string& name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char letter) {
      return std::isalnum(letter) || letter == '_' || letter == '-' || letter == '.';
    });
  }

  void read_base() {
    base_ = ConfigNode::map(tree_.where());
    const ConfigNode* base = tree_.find("base");
    if (base == nullptr || base->is_null()) return;
    if (!base->is_map()) {
      diagnostics_.error(base->where(),
                         fmt::format("base: {} is {}, not a map of settings", base->preview(), base->kind_text()));
      return;
    }
    for (const ConfigNode::Entry& entry : base->entries()) {
      if (check_cell_setting(entry.key, entry.key_where, "base", diagnostics_)) {
        set_setting(base_, entry.key, entry.value, entry.key_where, diagnostics_);
      }
    }
    base_.set_where(base->where());
  }

  void read_repeats() {
    const ConfigNode* repeats = tree_.find("repeats");
    if (repeats == nullptr || repeats->is_null()) return;
    if (repeats->kind() != ConfigNode::Kind::integer) {
      diagnostics_.error(repeats->where(), fmt::format("repeats: {} is {}, not a whole number", repeats->preview(),
                                                       repeats->kind_text()));
    } else if (repeats->as_integer() < 1 || repeats->as_integer() > kMaxRepeats) {
      diagnostics_.error(repeats->where(),
                         fmt::format("repeats: {} is outside 1..{}", repeats->as_integer(), kMaxRepeats));
    } else {
      repeats_ = repeats->as_integer();
    }
  }

  void apply_overrides() {
    for (const Override& set : overrides_) {
      if (is_experiment_override(set)) continue;
      const SourceLocation& where = set.value.where();
      if (!is_cell_setting(set.key)) {
        diagnostics_.error(where, fmt::format("unknown key{}", suggestion(first_part(set.key), override_keys())));
        continue;
      }
      if (const SourceLocation* varied = where_varied(set.key)) {
        diagnostics_.error(where, fmt::format("the experiment varies '{}' itself, at {}; leave it to the file, or pick "
                                              "cells with --only",
                                              set.key, varied->text()));
        continue;
      }
      set_setting(base_, set.key, set.value, where, diagnostics_);
    }
  }

  static std::vector<std::string> override_keys() {
    std::vector<std::string> keys = cell_keys();
    keys.insert(keys.end(), {"experiment", "description", "repeats"});
    return keys;
  }

  const SourceLocation* where_varied(const std::string& key) const {
    for (const GridAxis& axis : axes_) {
      for (const GridAxis::Column& column : axis.columns) {
        if (settings_overlap(key, column.key)) return &column.where;
      }
    }
    const ConfigNode* include = tree_.find("include");
    if (include == nullptr || !include->is_list()) return nullptr;
    for (const ConfigNode& item : include->items()) {
      for (const ConfigNode::Entry& entry : item.entries()) {
        if (settings_overlap(key, entry.key)) return &entry.key_where;
      }
    }
    return nullptr;
  }

  void multiply() {
    std::erase_if(axes_, [](const GridAxis& axis) { return axis.size() == 0; });
    std::size_t count = 1;
    for (const GridAxis& axis : axes_) {
      count *= axis.size();
      if (count * static_cast<std::size_t>(repeats_) <= kMaxCells) continue;
      diagnostics_.error(tree_.where(), fmt::format("the grid has more than {} cells", kMaxCells));
      return;
    }
    // Without axes, `include` alone makes the cells.
    if (axes_.empty()) {
      const ConfigNode* list = tree_.find("include");
      if (list != nullptr && list->is_list() && !list->items().empty()) return;
    }
    for (std::size_t index = 0; index < count; ++index) {
      ConfigNode cell = base_;
      std::size_t below = count;
      for (const GridAxis& axis : axes_) {
        below /= axis.size();
        const std::size_t at = index / below % axis.size();
        for (const GridAxis::Column& column : axis.columns) {
          set_setting(cell, column.key, column.values[at], column.where, diagnostics_);
        }
      }
      cells_.push_back(std::move(cell));
    }
  }

  bool check_entry(const ConfigNode& entry, const char* section) {
    if (!entry.is_map() || entry.entries().empty()) {
      diagnostics_.error(entry.where(), fmt::format("{}: {} is {}, not a map of settings", section, entry.preview(),
                                                    entry.is_map() ? "empty" : entry.kind_text()));
      return false;
    }
    bool good = true;
    for (const ConfigNode::Entry& setting : entry.entries()) {
      good = check_cell_setting(setting.key, setting.key_where, section, diagnostics_) && good;
    }
    return good;
  }

  static bool matches(const ConfigNode& cell, const ConfigNode::Entry& setting) {
    const ConfigNode* value = find_setting(cell, setting.key);
    return value != nullptr && matches_setting(setting.value, *value);
  }

  void exclude() {
    const ConfigNode* list = read_section(tree_, "exclude", ConfigNode::Kind::list, diagnostics_);
    if (list == nullptr) return;
    for (const ConfigNode& entry : list->items()) {
      if (!check_entry(entry, "exclude")) continue;
      const auto removed = std::erase_if(cells_, [&](const ConfigNode& cell) {
        return std::all_of(entry.entries().begin(), entry.entries().end(),
                           [&](const ConfigNode::Entry& setting) { return matches(cell, setting); });
      });
      if (removed == 0) {
        diagnostics_.warning(entry.where(), fmt::format("exclude: no cell matches {}", entry.preview()));
      }
    }
  }

  bool is_varied_by_axis(const std::string& key) const {
    return std::any_of(axes_.begin(), axes_.end(), [&](const GridAxis& axis) {
      return std::any_of(axis.columns.begin(), axis.columns.end(),
                         [&](const GridAxis::Column& column) { return column.key == key; });
    });
  }

  void include() {
    const ConfigNode* list = read_section(tree_, "include", ConfigNode::Kind::list, diagnostics_);
    if (list == nullptr) return;
    const std::size_t from_axes = cells_.size();
    for (const ConfigNode& entry : list->items()) {
      if (!check_entry(entry, "include")) continue;
      for (const ConfigNode::Entry& setting : entry.entries()) {
        if (std::find(varied_.begin(), varied_.end(), setting.key) == varied_.end()) varied_.push_back(setting.key);
      }
      if (extend(entry, from_axes)) continue;
      ConfigNode cell = base_;
      apply(cell, entry);
      cells_.push_back(std::move(cell));
    }
  }

  void apply(ConfigNode& cell, const ConfigNode& entry) {
    for (const ConfigNode::Entry& setting : entry.entries()) {
      set_setting(cell, setting.key, setting.value, setting.key_where, diagnostics_);
    }
  }

  /// An entry that names an axis's value extends the cells that have it; false where there are none.
  bool extend(const ConfigNode& entry, std::size_t from_axes) {
    const auto names_axis = [&](const ConfigNode::Entry& setting) { return is_varied_by_axis(setting.key); };
    const auto& settings = entry.entries();
    if (std::none_of(settings.begin(), settings.end(), names_axis)) return false;
    bool found = false;
    for (std::size_t i = 0; i < from_axes; ++i) {
      const bool same = std::all_of(settings.begin(), settings.end(), [&](const ConfigNode::Entry& setting) {
        return !names_axis(setting) || matches(cells_[i], setting);
      });
      if (!same) continue;
      found = true;
      for (const ConfigNode::Entry& setting : settings) {
        if (!names_axis(setting)) set_setting(cells_[i], setting.key, setting.value, setting.key_where, diagnostics_);
      }
    }
    return found;
  }

  void repeat() {
    for (const ConfigNode& cell : cells_) {
      for (std::int64_t repeat = 0; repeat < repeats_; ++repeat) {
        ConfigNode settings = cell;
        const ConfigNode* seed = cell.find("seed");
        const SourceLocation where = seed == nullptr ? base_.where() : seed->where();
        if (seed == nullptr || seed->kind() == ConfigNode::Kind::integer) {
          const std::int64_t first = seed == nullptr ? 1 : seed->as_integer();
          settings.set("seed", ConfigNode::integer(first + repeat, where), where);
        }
        add(std::move(settings), repeat);
      }
    }
    if (grid_.cells.empty() && !diagnostics_.has_errors()) {
      diagnostics_.error(tree_.where(), "the grid has no cells: 'exclude' removes them all");
    }
  }

  void add(ConfigNode settings, std::int64_t repeat) {
    for (const GridCell& other : grid_.cells) {
      if (!other.settings.same_value(settings) || diagnostics_.has_errors()) continue;
      diagnostics_.warning(tree_.where(), fmt::format("cells {} and {} of the grid are the same; it is trained once",
                                                      &other - grid_.cells.data() + 1, ++seen_));
      return;
    }
    ++seen_;
    grid_.cells.push_back({std::move(settings), {}, repeat});
  }

  ConfigNode tree_;
  std::span<const Override> overrides_;
  Diagnostics& diagnostics_;
  Grid grid_;
  ConfigNode base_;
  std::vector<GridAxis> axes_;
  std::vector<std::string> varied_;
  std::vector<ConfigNode> cells_;
  std::int64_t repeats_ = 1;
  std::size_t seen_ = 0;
};

}  // namespace

Grid expand_grid(const ConfigNode& tree, std::span<const Override> overrides, Diagnostics& diagnostics) {
  return Expansion(tree, overrides, diagnostics).expand();
}

}  // namespace drawlab::runner
