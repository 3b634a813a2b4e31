#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"

#include <string>

namespace drawlab::runner {

/// The SHA-256 of the canonical JSON of everything that can change a cell's result: its resolved configuration without
/// the options that cannot (paths), its seed, the checksums of its dataset and of what that is made of, the hashes of
/// the plugins' libraries, and the numerics version. Equal identities give equal numbers.
std::string cell_identity(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins);

/// The JSON that is hashed, for tests and for the curious.
std::string identity_text(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins);

}  // namespace drawlab::runner
