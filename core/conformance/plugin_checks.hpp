#pragma once

#include "conformance/report.hpp"
#include "host/plugin_host.hpp"

#include <string>

namespace drawlab::conformance {

/// Runs every check of a read/write plugin. docs/write-a-plugin.md lists the checks.
void check_read_write(const ReadWritePlugin& plugin, Report& report);

/// The same for a dataset, which `host` opens. Throws DataError if its files are missing.
void check_dataset(PluginHost& host, const std::string& name, Report& report);

}  // namespace drawlab::conformance
