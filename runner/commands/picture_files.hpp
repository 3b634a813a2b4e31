#pragma once

#include "results/store.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace drawlab::runner {

/// A text as part of a file's name: letters, digits, '-', '_' and '.' stay, the rest becomes '_'; at most 100 bytes.
std::string file_name_of(const std::string& text);

/// Writes a run's pictures into a folder, which is made; returns their paths.
std::vector<std::filesystem::path> write_pictures(const results::Store& store, results::RunId id,
                                                  const std::filesystem::path& folder);

}  // namespace drawlab::runner
