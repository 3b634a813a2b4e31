#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"

namespace drawlab::runner {

/// Makes a cell's read and write modes for the dataset's images and throws them away: what does not fit goes to
/// `diagnostics` before anything trains. So does a task that the data cannot serve.
void check_model(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins, Diagnostics& diagnostics);

}  // namespace drawlab::runner
