#pragma once

#include <filesystem>
#include <string>

namespace drawlab::runner {

/// The git repository of a folder.
struct RepositoryState {
  std::string commit;  // empty: no repository, or no git
  bool dirty = false;  // the folder has changes that are not committed
};

RepositoryState repository_state(const std::filesystem::path& folder);

}  // namespace drawlab::runner
