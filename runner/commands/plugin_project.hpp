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

/// One file of a project to be.
struct ProjectFile {
  std::filesystem::path path;
  std::string text;
};

/// The files of a new plugin's project, `kind` read_write or dataset. Throws ConfigError where the name is none: lower
/// case letters, digits and underscores, a letter first, and no word that means something else in an experiment file.
std::vector<ProjectFile> plugin_project(const std::string& kind, const std::string& name);

}  // namespace drawlab::runner
