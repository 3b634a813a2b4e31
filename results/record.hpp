#pragma once

#include "results/sheet_layout.hpp"
#include "results/status.hpp"
#include "training/metric.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace drawlab::results {

class Connection;

struct ImageRow {
  std::string kind;    // samples, sequence, reconstructions, data, neighbours
  std::string name;    // "samples", "drawing_00", …; with kind, unique within a run
  std::string format;  // png, webp
  std::string caption;
  std::int64_t epoch = 0;
  std::vector<std::uint8_t> bytes;
  std::optional<SheetLayout> layout = {};  // of a sequence; older databases have none
};

/// What a run writes while it trains: metrics, images, checkpoints, events. Throws DatabaseError.
class Record {
 public:
  explicit Record(Connection& connection) : connection_(connection) {}

  /// Adds the metrics, or replaces those of the same name and epoch. Not-a-number and infinities are kept.
  void put_metrics(RunId id, std::span<const Metric> metrics);
  /// By epoch and split. Leaves out metrics of another version of drawlab that this one does not know.
  std::vector<Metric> metrics(RunId id) const;
  /// The metric's value at its last epoch, for every run that has it and where it is finite.
  std::map<RunId, double> last_values(const MetricName& name) const;
  /// How often each label (row) was taken for each class (column) of a split, [K,K]; replaces earlier counts.
  void put_confusion(RunId id, Split split, std::span<const std::int64_t> counts);
  /// The same counts, with K the largest recorded label or guess plus one; empty if there are none.
  std::vector<std::int64_t> confusion(RunId id, Split split) const;
  /// Replaces the image of that kind and name.
  void put_image(RunId id, const ImageRow& image);
  std::vector<ImageRow> images(RunId id) const;
  void put_checkpoint(RunId id, const std::filesystem::path& file, const std::string& sha256, std::int64_t epoch,
                      std::int64_t step);
  /// Records something that happened to a run, or to the whole database if `id` is 0.
  void put_event(RunId id, const std::string& name, const std::string& text);
  /// The texts of a run's events of that name, the oldest first.
  std::vector<std::string> events(RunId id, const std::string& name) const;

 private:
  Connection& connection_;
};

}  // namespace drawlab::results
