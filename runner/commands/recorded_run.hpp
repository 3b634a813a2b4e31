#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"
#include "results/store.hpp"
#include "training/trained_model.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace drawlab::runner {

/// A run of the database with its checkpoint, ready to be used.
struct RecordedRun {
  results::RunRow row;
  CellConfig cell;
  std::filesystem::path checkpoint;
};

/// Throws ConfigError where there is no such run, or none of its checkpoint yet; DataError where the file is lost or
/// not the one that was recorded.
RecordedRun recorded_run(const results::Store& store, results::RunId id, PluginHost& plugins);

/// Throws ConfigError where the run classifies, and so draws nothing.
void require_generator(const RecordedRun& run);

/// Throws DataError where the data is not that which the run was trained on, by their checksums.
void require_recorded_data(const RecordedRun& run, const DatasetInfo& data);

/// The dataset of the run's configuration, as it is here now.
std::unique_ptr<Dataset> open_dataset(const RecordedRun& run, PluginHost& plugins);
TrainedModel load_model(const RecordedRun& run, const DatasetInfo& data, PluginHost& plugins, int threads);
/// The same for a model that will only draw from the prior, which needs no data.
TrainedModel load_generator(const RecordedRun& run, const ImageShape& image, PluginHost& plugins, int threads);

}  // namespace drawlab::runner
