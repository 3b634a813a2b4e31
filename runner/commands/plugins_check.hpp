#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace drawlab::runner {

/// `drawlab plugins check`: the conformance checks of the library at a path, or of a plugin by its name in `folders`,
/// in a process of their own, since a plugin under check may crash. Prints a line for each check; returns the exit
/// code.
int check_plugin(const std::string& library_or_name, const std::vector<std::filesystem::path>& folders);

}  // namespace drawlab::runner
