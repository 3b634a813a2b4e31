#include "runner/schedule/history.hpp"

#include "configuration/recorded_configuration.hpp"
#include "system/machine.hpp"

#include <algorithm>

namespace drawlab::runner {
std::string state_text(const std::optional<results::RunRow>& run) {
  if (!run || run->status == results::Status::pending) return "new";
  if (run->interrupted) return "interrupted";
  return results::status_name(run->status);
}

std::optional<double> estimate_seconds(const std::string& config, const std::optional<results::RunRow>& run,
                                       std::span<const results::RunRow> history, int threads) {
  const RecordedConfiguration planned(config);
  const std::string work = planned.epoch_key();
  const std::string host = host_name();
  const std::string processor = processor_name();
  double seconds = 0;
  std::int64_t epochs = 0;
  for (const results::RunRow& row : history) {
    if (row.epochs == 0 || row.host != host || row.processor != processor || row.configuration().epoch_key() != work)
      continue;
    seconds += row.seconds * std::max(row.threads, 1);
    epochs += row.epochs;
  }
  if (epochs == 0) return std::nullopt;
  const std::int64_t rest = std::max<std::int64_t>(0, planned.epochs() - (run ? run->epochs : 0));
  return seconds / static_cast<double>(epochs) * static_cast<double>(rest) / threads;
}

}  // namespace drawlab::runner
