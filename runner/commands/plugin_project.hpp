#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace drawlab::runner {

/// A file that is part of the program.
struct EmbeddedFile {
  const char* path;  // below the folder that was embedded
  const char* text;
};
/// runner/templates/.
std::span<const EmbeddedFile> embedded_templates();

/// One file of a new project.
struct ProjectFile {
  std::filesystem::path path;
  std::string text;
};

/// The files of a new plugin's project; `kind` is read_write or dataset. Throws ConfigError if the name is invalid: it
/// takes lower-case letters, digits and underscores, a letter first, and no word with a meaning in experiment files.
std::vector<ProjectFile> plugin_project(const std::string& kind, const std::string& name);

}  // namespace drawlab::runner
