#pragma once

#include "drawlab/config.hpp"
#include "drawlab/options.hpp"

#include "configuration/recorded_configuration.hpp"
#include "configuration/task.hpp"
#include "host/plugin_host.hpp"
#include "model/model_options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace drawlab {

/// `gaussian` or `{gaussian: {size: 2}}`: a plugin's name and its options (a map, or null for none).
struct PluginChoice {
  std::string name;
  ConfigNode options;
  SourceLocation where;
};

/// Reads a choice. Mistakes go to `diagnostics`, and the returned name is empty.
PluginChoice parse_plugin_choice(const std::string& key, const ConfigNode& node, Diagnostics& diagnostics);

/// The `training` section.
struct TrainingOptions {
  int epochs = 100;
  int batch = 128;
  int shard = 32;                                                 // samples that one thread carries through a step
  enum class Precision { f32, bf16 } precision = Precision::f32;  // what the matrix products multiply
  double learning_rate = 1e-3;
  enum class Schedule { constant, cosine, step } schedule = Schedule::constant;
  double final_learning_rate = 0;  // where the cosine ends
  int step_epochs = 50;            // epochs between two steps
  double step_factor = 0.5;        // of each step
  double beta1 = 0.9;              // Adam (Kingma & Ba 2015)
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double clip_norm = 5;          // of the whole gradient; 0: not clipped
  double averaging = 0;          // decay of the running mean of the weights that is judged instead; 0: none
  double kl_warmup = 0;          // epochs over which the weight of the KL rises from 0 to 1, in the training loss only
  std::int64_t limit_train = 0;  // samples of each split; 0: all
  std::int64_t limit_validation = 0;
  std::int64_t limit_test = 0;
  int samples = 64;                // pictures in the sample grid
  double checkpoint_seconds = 60;  // no part of the identity
  void declare(OptionTable& table);
};

/// The keys of a cell: task, dataset, model, read, write, training, seed.
const std::vector<std::string>& cell_keys();

/// One cell of a grid, checked: the model, its data and its training.
struct CellConfig {
  Task task = Task::generate;
  PluginChoice dataset;
  PluginChoice read;
  PluginChoice write;
  ModelOptions model;
  TrainingOptions training;
  std::uint64_t seed = 1;

  /// Checks a cell's tree against what the plugins declare; every mistake goes to `diagnostics`. The dataset must be a
  /// plugin choice already (no first_available). A plugin that cannot be used has an empty name in the result.
  static CellConfig parse(const ConfigNode& cell, PluginHost& plugins, Diagnostics& diagnostics);
  /// The cell of a recorded configuration. Leaves out options that an earlier version recorded and that never changed a
  /// result. Throws ConfigError, PluginError if refused plugins are the only mistakes.
  static CellConfig recorded(const RecordedConfiguration& record, PluginHost& plugins);
  /// The whole configuration with all defaults and plugin options; parse() of it gives the same cell.
  ConfigNode resolved(PluginHost& plugins, bool identity_only = false) const;
};

}  // namespace drawlab
