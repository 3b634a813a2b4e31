#include "runner/schedule/history.hpp"

#include "drawlab/config.hpp"

#include "system/machine.hpp"

#include <algorithm>

namespace drawlab::runner {
namespace {

/// What decides how long an epoch takes.
std::string work_of(const std::string& config) {
  ConfigNode cell = from_json(config);
  cell.erase("seed");
  if (ConfigNode* training = cell.find("training")) {
    ConfigNode kept = ConfigNode::map();
    for (const char* key : {"batch", "shard", "limit_train", "limit_validation"}) {
      if (const ConfigNode* value = training->find(key)) kept.set(key, *value);
    }
    *training = kept;
  }
  return to_json(cell);
}

std::int64_t epochs_of(const std::string& config) {
  const ConfigNode cell = from_json(config);
  const ConfigNode* training = cell.find("training");
  const ConfigNode* epochs = training == nullptr ? nullptr : training->find("epochs");
  return epochs == nullptr ? 0 : epochs->as_integer();
}

}  // namespace

std::string state_text(const std::optional<results::RunRow>& run) {
  if (!run || run->status == results::Status::pending) return "new";
  if (run->interrupted) return "interrupted";
  return results::status_name(run->status);
}

std::optional<double> estimate_seconds(const std::string& config, const std::optional<results::RunRow>& run,
                                       std::span<const results::RunRow> history, int threads) {
  const std::string work = work_of(config);
  const std::string host = host_name();
  const std::string processor = processor_name();
  double seconds = 0;
  std::int64_t epochs = 0;
  for (const results::RunRow& row : history) {
    if (row.epochs == 0 || row.host != host || row.processor != processor || work_of(row.config) != work) continue;
    seconds += row.seconds * std::max(row.threads, 1);
    epochs += row.epochs;
  }
  if (epochs == 0) return std::nullopt;
  const std::int64_t rest = std::max<std::int64_t>(0, epochs_of(config) - (run ? run->epochs : 0));
  return seconds / static_cast<double>(epochs) * static_cast<double>(rest) / threads;
}

}  // namespace drawlab::runner
