#pragma once

#include "drawlab/config.hpp"

#include <filesystem>
#include <string>

namespace drawlab::runner {

/// An experiment file as it was read: its text is kept with the results, its tree becomes the grid.
struct ExperimentFile {
  std::filesystem::path path;
  std::string text;
  ConfigNode tree;
};

/// Reads a YAML file into a tree in which every key and value knows its line and column. Mistakes go to `diagnostics`:
/// a file that cannot be read, text that is not YAML, a key given twice, more than one document.
ExperimentFile read_experiment_file(const std::filesystem::path& path, Diagnostics& diagnostics);

/// The same for a text; `name` stands for the file in places.
ConfigNode parse_yaml(const std::string& text, const std::string& name, Diagnostics& diagnostics);

/// One value from the command line, in YAML: `0.5`, `gaussian`, `{digits: {seed: 2}}`; mistakes are placed in `name`,
/// such as `--set read`.
ConfigNode parse_value(const std::string& text, const std::string& name, Diagnostics& diagnostics);

}  // namespace drawlab::runner
