#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace drawlab::runner {

/// Runs the conformance checks on the library at a path, or on a plugin by its name in `folders`, in a separate process
/// because the plugin may crash. Prints a line per check; returns the exit code.
int check_plugin(const std::string& library_or_name, const std::vector<std::filesystem::path>& folders);

}  // namespace drawlab::runner
