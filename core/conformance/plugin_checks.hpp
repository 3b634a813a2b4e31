#pragma once

#include "conformance/report.hpp"
#include "host/plugin_host.hpp"

#include <string>

namespace drawlab::conformance {

/// Everything that any plugin is held to, whatever it does: docs/write-a-plugin.md lists the checks.
void check_read_write(const ReadWritePlugin& plugin, Report& report);

/// The same for a dataset, which is opened through `host`. Throws DataError where its files are not there.
void check_dataset(PluginHost& host, const std::string& name, Report& report);

}  // namespace drawlab::conformance
