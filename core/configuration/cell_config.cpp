#include "configuration/cell_config.hpp"

#include "drawlab/error.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace drawlab {

namespace {

constexpr std::int64_t kMany = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

/// The sections of a cell that choose a plugin.
enum class Section { dataset, read, write };

const char* key_of(Section section) {
  switch (section) {
    case Section::dataset:
      return "dataset";
    case Section::read:
      return "read";
    case Section::write:
      return "write";
  }
  DRAWLAB_ASSERT(!"three sections choose a plugin");
  return "";
}

/// The options that a plugin declares for its use in `section`. Throws PluginError.
std::unique_ptr<PluginOptions> options_for(Section section, const std::string& name, PluginHost& plugins) {
  if (section == Section::dataset) return plugins.dataset(name).options();
  const ReadWritePlugin& plugin = plugins.read_write(name);
  return section == Section::read ? plugin.read_options() : plugin.write_options();
}

/// The plugins that fit `section`. Opens every plugin, so only for the text of an error.
std::vector<std::string> fitting_names(Section section, PluginHost& plugins) {
  std::vector<std::string> names;
  for (const PluginRecord& record : plugins.list().plugins) {
    const bool fits = record.kind == PluginKind::dataset
                          ? section == Section::dataset
                          : (section == Section::read && plugins.read_write(record.name).can_read()) ||
                                (section == Section::write && plugins.read_write(record.name).can_write());
    if (fits) names.push_back(record.name);
  }
  return names;
}

/// Opens the plugin of a choice. A plugin that is there but refused is a fault of the installation, not of the file
/// that names it.
bool can_open(Section section, const PluginChoice& choice, PluginHost& plugins, Diagnostics& diagnostics) {
  const std::string key = key_of(section);
  const auto& names = plugins.names();
  if (!std::ranges::binary_search(names, choice.name)) {
    diagnostics.error(choice.where, key + ": unknown plugin '" + choice.name + "'" +
                                        suggestion(choice.name, fitting_names(section, plugins)));
    return false;
  }
  try {
    if (section == Section::dataset) {
      plugins.dataset(choice.name);
    } else {
      plugins.read_write(choice.name);
    }
    return true;
  } catch (const PluginError& error) {
    diagnostics.error(choice.where, key + ": " + error.what(), Cause::plugin);
    return false;
  }
}

/// Replaces the choice's options by what the plugin's table makes of them, so that defaults are part of the cell.
/// Clears the name of a plugin that cannot be used.
void check_choice(Section section, PluginChoice& choice, PluginHost& plugins, Diagnostics& diagnostics) {
  if (choice.name.empty()) return;
  if (!can_open(section, choice, plugins, diagnostics)) {
    choice.name.clear();
    return;
  }
  try {
    const std::unique_ptr<PluginOptions> options = options_for(section, choice.name, plugins);
    Diagnostics found;
    options->table().parse(choice.options, found);
    diagnostics.merge(found);
    if (!found.has_errors()) {
      const SourceLocation where = choice.options.is_null() ? choice.where : choice.options.where();
      choice.options = options->table().resolved();
      choice.options.set_where(where);
    }
  } catch (const PluginError& error) {
    diagnostics.error(choice.where, std::string(key_of(section)) + ": " + error.what());
  }
}

void parse_section(const ConfigNode& cell, const std::string& key, OptionTable& table, Diagnostics& diagnostics) {
  const ConfigNode* section = cell.find(key);
  if (section == nullptr) return;
  if (!section->is_null() && !section->is_map()) {
    diagnostics.error(section->where(),
                      key + ": " + section->preview() + " is " + section->kind_text() + ", need a map of options");
    return;
  }
  table.parse(*section, diagnostics);
}

/// A key of the cell that is read like an option of one name.
template <class Declare>
void parse_single(const ConfigNode& cell, const std::string& key, Diagnostics& diagnostics, Declare&& declare) {
  const ConfigNode* value = cell.find(key);
  if (value == nullptr) return;
  OptionTable table;
  declare(table);
  ConfigNode map = ConfigNode::map(cell.where());
  map.set(key, *value, value->where());
  table.parse(map, diagnostics);
}

void reject_for_classification(const ConfigNode& cell, Diagnostics& diagnostics) {
  if (const ConfigNode* write = cell.find("write"); write != nullptr && !write->is_null()) {
    diagnostics.error(write->where(), "write: a classifying cell writes nothing; leave it out, or set task: generate");
  }
  const ConfigNode* model = cell.find("model");
  if (model == nullptr) return;
  for (const char* const key : {"latent", "canvas_start"}) {
    if (model->find(key) == nullptr) continue;
    const auto entry = std::find_if(model->entries().begin(), model->entries().end(),
                                    [&](const ConfigNode::Entry& candidate) { return candidate.key == key; });
    diagnostics.error(entry->key_where,
                      std::string(key) + ": a classifying model has none; known: glimpses, hidden, normalization");
  }
}

ConfigNode choice_node(Section section, const PluginChoice& choice, PluginHost& plugins, bool identity_only) {
  const std::unique_ptr<PluginOptions> options = options_for(section, choice.name, plugins);
  options->table().parse(choice.options);
  ConfigNode node = ConfigNode::map();
  node.set(choice.name, options->table().resolved(identity_only));
  return node;
}

}  // namespace

PluginChoice parse_plugin_choice(const std::string& key, const ConfigNode& node, Diagnostics& diagnostics) {
  PluginChoice choice;
  choice.where = node.where();
  if (node.is_text() && !node.as_text().empty()) {
    choice.name = node.as_text();
  } else if (node.is_map() && node.entries().size() == 1) {
    const ConfigNode::Entry& entry = node.entries().front();
    if (!entry.value.is_map() && !entry.value.is_null()) {
      diagnostics.error(entry.value.where(), key + ": the options of '" + entry.key + "' are " +
                                                 entry.value.kind_text() + " (" + entry.value.preview() +
                                                 "), need a map of options");
      return choice;
    }
    choice.name = entry.key;
    choice.options = entry.value;
    if (entry.key_where.is_known()) choice.where = entry.key_where;
  } else {
    const std::string found = node.is_null() ? "nothing is given"
                              : node.is_map()
                                  ? node.preview() + " names " + std::to_string(node.entries().size()) + " plugins"
                                  : node.preview() + " is " + node.kind_text();
    diagnostics.error(node.where(), key + ": " + found + ", need a plugin's name, or {name: {option: value}}");
  }
  return choice;
}

void TrainingOptions::declare(OptionTable& table) {
  table.integer("epochs", epochs, 0, kMany, "passes over the training split")
      .integer("batch", batch, 1, 65536, "samples of a step")
      .integer("shard", shard, 1, 4096, "samples that one thread carries through a step; it bounds the threads used")
      .real("learning_rate", learning_rate, 1e-12, 1e6, "step size of Adam")
      .choice<Precision>("precision", precision, {{"f32", Precision::f32}, {"bf16", Precision::bf16}},
                         "what the matrix products multiply; they add up in f32 either way")
      .choice<Schedule>(
          "schedule", schedule,
          {{"constant", Schedule::constant}, {"cosine", Schedule::cosine}, {"step", Schedule::step}},
          "how the learning rate changes over the epochs (cosine: Loshchilov & Hutter 2017, without restarts)")
      .real("final_learning_rate", final_learning_rate, 0, 1e6, "where the cosine schedule ends")
      .integer("step_epochs", step_epochs, 1, kMany, "epochs between two steps of the step schedule")
      .real("step_factor", step_factor, 1e-6, 1, "what each step of the step schedule multiplies the rate by")
      .real("beta1", beta1, 0, 0.999999, "decay of Adam's mean of gradients")
      .real("beta2", beta2, 0, 0.999999999, "decay of Adam's mean of squared gradients")
      .real("epsilon", epsilon, 1e-30, 1, "what Adam adds to its denominator")
      .real("clip_norm", clip_norm, 0, 1e12, "largest norm of the whole gradient; 0: not clipped")
      .real("averaging", averaging, 0, 0.9999999,
            "decay of a running mean of the weights (Polyak & Juditsky 1992), which is then what is validated, tested "
            "and kept; after t steps at most t/(t + 9); 0: none")
      .real("kl_warmup", kl_warmup, 0, 1e6,
            "epochs over which the KL's weight in the training loss rises to 1 (Bowman et al. 2016)")
      .integer("limit_train", limit_train, 0, kMost, "training samples used; 0: all")
      .integer("limit_validation", limit_validation, 0, kMost, "validation samples used; 0: all")
      .integer("limit_test", limit_test, 0, kMost, "test samples used; 0: all")
      .integer("samples", samples, 0, 1024, "pictures in the grid of samples")
      .real("checkpoint_seconds", checkpoint_seconds, 0, 1e9, "seconds between checkpoints within an epoch")
      .not_part_of_identity();
}

const std::vector<std::string>& cell_keys() {
  static const std::vector<std::string> keys = {"task", "dataset", "model", "read", "write", "training", "seed"};
  return keys;
}

CellConfig CellConfig::parse(const ConfigNode& cell, PluginHost& plugins, Diagnostics& diagnostics) {
  CellConfig config;
  if (!cell.is_map()) {
    diagnostics.error(cell.where(), "a cell is " + cell.kind_text() + ", need a map with the keys task, dataset, …");
    return config;
  }
  for (const ConfigNode::Entry& entry : cell.entries()) {
    if (std::ranges::find(cell_keys(), entry.key) == cell_keys().end()) {
      diagnostics.error(entry.key_where, entry.key + ": unknown key" + suggestion(entry.key, cell_keys()));
    }
  }
  parse_single(cell, "task", diagnostics, [&](OptionTable& table) {
    table.choice<Task>("task", config.task,
                       {{task_name(Task::generate), Task::generate}, {task_name(Task::classify), Task::classify}},
                       "what the model learns");
  });
  parse_single(cell, "seed", diagnostics,
               [&](OptionTable& table) { table.integer("seed", config.seed, 0, kMost, "of every random number"); });
  const bool generates = config.task == Task::generate;

  const auto choose = [&](Section section, PluginChoice& choice) {
    const std::string key = key_of(section);
    if (const ConfigNode* node = cell.find(key)) {
      choice = parse_plugin_choice(key, *node, diagnostics);
      check_choice(section, choice, plugins, diagnostics);
    } else {
      diagnostics.error(cell.where(), key + ": missing, need a plugin's name, or {name: {option: value}}");
    }
  };
  choose(Section::dataset, config.dataset);
  choose(Section::read, config.read);
  if (generates) choose(Section::write, config.write);

  OptionTable model;
  config.model.declare(model);
  parse_section(cell, "model", model, diagnostics);
  if (!generates) reject_for_classification(cell, diagnostics);
  OptionTable training;
  config.training.declare(training);
  parse_section(cell, "training", training, diagnostics);
  return config;
}

CellConfig CellConfig::recorded(const RecordedConfiguration& record, PluginHost& plugins) {
  // Until plugin ABI 3 `fused` chose between two forms of one function.
  constexpr const char* kRetired = "fused";
  ConfigNode cell = record.tree();
  for (const Section section : {Section::read, Section::write}) {
    ConfigNode* const choice = cell.find(key_of(section));
    if (choice == nullptr || !choice->is_map() || choice->entries().size() != 1) continue;
    ConfigNode::Entry& mode = choice->entries().front();
    if (!mode.value.is_map() || mode.value.find(kRetired) == nullptr) continue;
    try {
      if (options_for(section, mode.key, plugins)->table().resolved().find(kRetired) == nullptr) {
        mode.value.erase(kRetired);
      }
    } catch (const PluginError&) {
      continue;  // parse() reports it
    }
  }
  Diagnostics diagnostics;
  CellConfig config = parse(cell, plugins, diagnostics);
  diagnostics.throw_if_errors();
  return config;
}

ConfigNode CellConfig::resolved(PluginHost& plugins, bool identity_only) const {
  // Tables bind to members by reference, and resolved() only reads them.
  CellConfig copy = *this;
  const bool generates = task == Task::generate;
  ConfigNode cell = ConfigNode::map();
  cell.set("task", ConfigNode::text(task_name(task)));
  cell.set("dataset", choice_node(Section::dataset, dataset, plugins, identity_only));
  OptionTable model_table;
  copy.model.declare(model_table);
  ConfigNode model_node = model_table.resolved(identity_only);
  if (!generates) {
    model_node.erase("latent");
    model_node.erase("canvas_start");
  }
  cell.set("model", std::move(model_node));
  cell.set("read", choice_node(Section::read, read, plugins, identity_only));
  if (generates) cell.set("write", choice_node(Section::write, write, plugins, identity_only));
  OptionTable training_table;
  copy.training.declare(training_table);
  cell.set("training", training_table.resolved(identity_only));
  cell.set("seed", ConfigNode::integer(static_cast<std::int64_t>(seed)));
  return cell;
}

}  // namespace drawlab
