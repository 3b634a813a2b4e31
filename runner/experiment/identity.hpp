#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"

#include <string>

namespace drawlab::runner {

/// The SHA-256 of the canonical JSON of everything that can change a cell's result: its resolved configuration without
/// options such as paths, its seed, the checksums of its dataset and of the dataset's sources, the hashes of the
/// plugins' libraries, and the numerics version. Cells with equal identities give equal numbers.
std::string cell_identity(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins);

/// The JSON that is hashed.
std::string identity_text(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins);

}  // namespace drawlab::runner
