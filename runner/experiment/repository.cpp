#include "runner/experiment/repository.hpp"

#include "system/child_process.hpp"

namespace drawlab::runner {

RepositoryState repository_state(const std::filesystem::path& folder) {
  const std::string place = folder.empty() ? "." : folder.string();
  auto commit = output_of({"git", "-C", place, "rev-parse", "HEAD"});
  if (!commit) return {};
  while (!commit->empty() && commit->back() == '\n') commit->pop_back();
  const auto changes = output_of({"git", "-C", place, "status", "--porcelain", "--", "."});
  return {*commit, changes && !changes->empty()};
}

}  // namespace drawlab::runner
