#pragma once

#include "drawlab/config.hpp"

#include <filesystem>
#include <string>

namespace drawlab::runner {

/// An experiment file: its text is stored with the results, its tree becomes the grid.
struct ExperimentFile {
  std::filesystem::path path;
  std::string text;
  ConfigNode tree;
};

/// Reads a YAML file into a tree that knows the line and column of every key and value. Mistakes go to `diagnostics`: a
/// file that cannot be read, text that is not YAML, a key given twice, more than one document.
ExperimentFile read_experiment_file(const std::filesystem::path& path, Diagnostics& diagnostics);

/// Reads a text; locations name `name` as the file.
ConfigNode parse_yaml(const std::string& text, const std::string& name, Diagnostics& diagnostics);

/// Reads one YAML value of the command line: `0.5`, `gaussian`, `{digits: {seed: 2}}`. Locations name `name`, such as
/// `--set read`.
ConfigNode parse_value(const std::string& text, const std::string& name, Diagnostics& diagnostics);

}  // namespace drawlab::runner
