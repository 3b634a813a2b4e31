#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"

namespace drawlab::runner {

/// Builds a cell's read and write modes for the dataset's images and discards them, so that a mode that does not fit is
/// an error in `diagnostics` before anything trains. So is a task that the data cannot serve.
void check_model(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins, Diagnostics& diagnostics);

}  // namespace drawlab::runner
