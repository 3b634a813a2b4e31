#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"
#include "results/store.hpp"
#include "training/trained_model.hpp"

#include <filesystem>
#include <memory>

namespace drawlab::runner {

/// A run of the database with its checkpoint, ready to be used.
struct RecordedRun {
  results::RunRow row;
  CellConfig cell;
  std::filesystem::path checkpoint;
};

/// Throws ConfigError if there is no such run or it has no checkpoint; DataError if the file is lost or is not the one
/// that was recorded.
RecordedRun recorded_run(const results::Store& store, results::RunId id, PluginHost& plugins);

/// Throws ConfigError if the run classifies, and so draws nothing.
void require_generator(const RecordedRun& run);

/// The dataset of the run's configuration. Throws DataError if its checksums are not those that the run was trained on.
std::unique_ptr<Dataset> open_dataset(const RecordedRun& run, PluginHost& plugins);
TrainedModel load_model(const RecordedRun& run, const DatasetInfo& data, PluginHost& plugins, int threads);
/// A model that only samples from the prior, which needs no data; on all cores.
TrainedModel load_generator(const RecordedRun& run, PluginHost& plugins);

}  // namespace drawlab::runner
