#include "runner/commands/recorded_run.hpp"

#include "drawlab/error.hpp"

#include "host/dataset_host.hpp"
#include "results/format.hpp"
#include "runner/commands/shared_options.hpp"
#include "runner/data/meter.hpp"
#include "runner/worker/checkpoint_slot.hpp"
#include "system/machine.hpp"
#include "system/sha256.hpp"
#include "training/weights.hpp"

#include <fmt/format.h>

namespace drawlab::runner {

RecordedRun recorded_run(const results::Store& store, results::RunId id, PluginHost& plugins) {
  const results::RunRow row = require_run(store, id);
  RecordedRun run{row, {}, checkpoint_path(store, row)};
  if (run.checkpoint.empty()) {
    throw ConfigError(
        row.status == results::Status::done
            ? fmt::format("run {} has no checkpoint in this database: it was published without weights", id)
            : fmt::format("run {} has no checkpoint yet", id));
  }
  if (!std::filesystem::exists(run.checkpoint)) {
    throw DataError(
        results::terminal_text(fmt::format("{}: the checkpoint of run {} is lost", run.checkpoint.string(), id)));
  }
  if (const std::string found = sha256_of_file(run.checkpoint); found != row.checkpoint_sha256) {
    throw DataError(results::terminal_text(
        fmt::format("{}: the checkpoint of run {} is damaged: its SHA-256 is {}…, recorded was {}…",
                    run.checkpoint.string(), id, found.substr(0, 12), row.checkpoint_sha256.substr(0, 12))));
  }
  run.cell = CellConfig::recorded(row.configuration(), plugins);
  return run;
}

void require_generator(const RecordedRun& run) {
  if (run.cell.task != Task::generate)
    throw ConfigError(fmt::format("run {} classifies; it draws nothing", run.row.id));
}

namespace {

void require_recorded_data(const RecordedRun& run, const DatasetInfo& data) {
  results::NewRun::Dataset here{data.name, data.checksum, data.provenance, {}};
  for (const DatasetSource& source : data.sources) here.sources.emplace_back(source.name, source.checksum);
  const std::string found = results::Store::checksums_text(here);
  const std::string& recorded = run.row.dataset_checksums;
  if (recorded.empty() || recorded == found) return;
  throw DataError(
      results::terminal_text(fmt::format("run {} was trained on {} with the checksum {}; here {} has the checksum {}",
                                         run.row.id, run.row.dataset, recorded, data.name, found)));
}

}  // namespace

std::unique_ptr<Dataset> open_dataset(const RecordedRun& run, PluginHost& plugins) {
  auto dataset =
      DatasetHost(plugins, run.cell.seed, opening_meter()).open(run.cell.dataset.name, run.cell.dataset.options);
  require_recorded_data(run, dataset->info());
  return dataset;
}

TrainedModel load_model(const RecordedRun& run, const DatasetInfo& data, PluginHost& plugins, int threads) {
  return TrainedModel(run.cell, data.image, data.classes, plugins, run.checkpoint, threads);
}

TrainedModel load_generator(const RecordedRun& run, PluginHost& plugins) {
  return TrainedModel(run.cell, drawn_image(run.checkpoint), 0, plugins, run.checkpoint, usable_cores());
}

}  // namespace drawlab::runner
