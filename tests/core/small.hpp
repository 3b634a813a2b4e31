#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"
#include "model/model.hpp"
#include "training/trainer.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace drawlab::tests {

/// The plugins of this build.
PluginHost built_plugins();

/// A dataset of this build by name and options.
std::unique_ptr<Dataset> open_dataset(PluginHost& plugins, const std::string& name,
                                      const ConfigNode& options = ConfigNode());

/// `digits` at a quarter of its size: 6×7 pixels, so that a whole model's gradient can be checked. Remembers the
/// training samples that were asked for.
class SmallDigits final : public Dataset {
 public:
  explicit SmallDigits(PluginHost& plugins);
  const DatasetInfo& info() const override { return info_; }
  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override;

  /// (epoch, index) of every training sample since the last call.
  std::vector<std::pair<std::uint64_t, std::int64_t>> take_log() const;

 private:
  std::unique_ptr<Dataset> digits_;
  DatasetInfo info_;
  mutable std::mutex mutex_;
  mutable std::vector<std::pair<std::uint64_t, std::int64_t>> log_;
};

/// `global`, or `gaussian` with a size.
PluginChoice mode(const std::string& plugin, int size = 0);

/// A cell that trains in moments: T 3, h 5, D 2; 22 training samples in batches of 8 and shards of 4, two epochs.
CellConfig small_cell(const PluginChoice& read, const PluginChoice& write);

/// Keeps what a trainer reports; asks it to stop after a number of steps.
class Recorder : public TrainingObserver {
 public:
  explicit Recorder(std::int64_t stop_after = -1) : stop_after_(stop_after) {}
  void on_progress(const TrainingProgress& progress) override;
  void on_metrics(std::span<const Metric> metrics) override;
  void on_confusion(Split split, std::span<const std::int64_t> counts) override;
  void on_checkpoint(const WrittenCheckpoint& checkpoint) override;
  bool stop_requested() override { return stop_after_ >= 0 && steps_ >= stop_after_; }

  /// By `epoch/split/name`.
  std::map<std::string, double> metrics;
  std::vector<std::int64_t> confusion;  // of the test split
  std::int64_t checkpoints = 0;

 private:
  std::int64_t stop_after_;
  std::int64_t steps_ = 0;
};

/// A folder of one test, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string content_of(const std::filesystem::path& file);
void write_content(const std::filesystem::path& file, const std::string& content);

}  // namespace drawlab::tests
