#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace drawlab::runner {

/// What one look at this machine found.
struct Finding {
  enum class State { fine, note, wrong };
  std::string part;  // program, plugins, datasets, database, …
  State state;
  std::string found;
  std::string remedy;  // what to do; empty: nothing
  int exit_code = 0;   // of commands that meet this; 0 unless `wrong`
};

/// "ok", "note" or "WRONG".
const char* state_word(Finding::State state);

/// Looks at the program, the environment, plugins, datasets, the results database with its folder, runs and
/// checkpoints. Changes nothing and throws nothing but what no remedy is known for.
std::vector<Finding> examine(const std::filesystem::path& database,
                             const std::vector<std::filesystem::path>& plugin_folders);

}  // namespace drawlab::runner
