#include "runner/experiment/model_check.hpp"

#include "drawlab/error.hpp"
#include "drawlab/parameters.hpp"
#include "drawlab/read_write.hpp"

#include <fmt/format.h>

#include <memory>

namespace drawlab::runner {
namespace {

template <class Make>
void try_mode(const char* key, const PluginChoice& choice, std::unique_ptr<PluginOptions> options,
              Diagnostics& diagnostics, Make&& make) {
  try {
    options->table().parse(choice.options, diagnostics);
    make(*options);
  } catch (const Error& error) {
    diagnostics.error(choice.where, fmt::format("{}: {}: {}", key, choice.name, error.what()));
  }
}

}  // namespace

void check_model(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins, Diagnostics& diagnostics) {
  if (cell.task == Task::classify && data.classes < 2) {
    diagnostics.error(cell.dataset.where,
                      fmt::format("dataset: {} has no labels, which task: classify needs", data.name));
  }
  ParameterStore parameters;
  const ParameterScope scope(parameters);
  const ReadWritePlugin& read = plugins.read_write(cell.read.name);
  try_mode("read", cell.read, read.read_options(), diagnostics, [&](const PluginOptions& options) {
    read.make_read(options, {scope.inside("read"), data.image, cell.model.hidden, cell.task == Task::generate ? 2 : 1});
  });
  if (cell.task != Task::generate) return;
  const ReadWritePlugin& write = plugins.read_write(cell.write.name);
  try_mode("write", cell.write, write.write_options(), diagnostics, [&](const PluginOptions& options) {
    write.make_write(options, {scope.inside("write"), data.image, cell.model.hidden});
  });
}

}  // namespace drawlab::runner
