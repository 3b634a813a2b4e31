#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace drawlab::runner {

/// The result of one check.
struct Finding {
  enum class State { fine, note, wrong };
  std::string part;  // program, plugins, datasets, database, …
  State state;
  std::string found;
  std::string remedy;  // what to do; empty: nothing
  int exit_code = 0;   // that commands end with because of this; 0 unless `wrong`
};

/// "ok", "note" or "WRONG".
const char* state_word(Finding::State state);

/// Checks the program, the environment, plugins, datasets, the results database with its folder, runs and checkpoints.
/// Changes nothing. Throws only errors without a known remedy.
std::vector<Finding> examine(const std::filesystem::path& database,
                             const std::vector<std::filesystem::path>& plugin_folders);

}  // namespace drawlab::runner
