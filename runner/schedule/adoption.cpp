#include "runner/schedule/adoption.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"
#include "drawlab/version.hpp"

#include <fmt/format.h>

namespace drawlab::runner {
namespace {

/// The settings that matter to the result, as text; empty if this build does not know one of them.
std::string settings_of(const results::RunRow& row, PluginHost& plugins) {
  try {
    return to_json(CellConfig::recorded(row.configuration(), plugins).resolved(plugins, true));
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::optional<results::RunRow> run_of_another_build(const PlannedCell& cell, const results::Store& store,
                                                    PluginHost& plugins) {
  if (cell.run.identity.empty() || store.find_run(cell.run.experiment, cell.run.identity)) return std::nullopt;
  const std::string settings = to_json(cell.config.resolved(plugins, true));
  std::optional<results::RunRow> furthest;
  for (results::RunRow& row : store.runs(cell.run.experiment)) {
    const bool unfinished = row.status == results::Status::failed || row.interrupted;
    if (!unfinished || row.checkpoint.empty() || row.seed != cell.config.seed) continue;
    if (row.dataset_checksums != results::Store::checksums_text(cell.run.data)) continue;
    if (settings_of(row, plugins) != settings) continue;
    if (!furthest || row.epochs > furthest->epochs) furthest = std::move(row);
  }
  return furthest;
}

std::string adoption_text(const results::RunRow& row) {
  return fmt::format("run {} was begun by another build (drawlab {}, {} epochs so far)", row.id, row.version,
                     row.epochs);
}

}  // namespace drawlab::runner
