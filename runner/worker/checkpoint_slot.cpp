#include "runner/worker/checkpoint_slot.hpp"

#include "drawlab/error.hpp"

#include "system/sha256.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace drawlab::runner {
namespace fs = std::filesystem;

namespace {

constexpr const char* kExtension = ".safetensors";

/// A rename is on disk for good once its folder is.
void sync_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

fs::path checkpoint_path(const results::Store& store, const results::RunRow& run) {
  if (run.checkpoint.empty()) return {};
  return (fs::absolute(store.path()).parent_path() / run.checkpoint).lexically_normal();
}

CheckpointSlot::CheckpointSlot(results::Store& store, const results::RunRow& run)
    : store_(store), run_(run.id), current_(checkpoint_path(store, run)), sha256_(run.checkpoint_sha256) {
  const fs::path folder = fs::absolute(store.checkpoint_folder()).lexically_normal();
  stem_ = fmt::format("{}-{}", store.path().stem().string(), run.id);
  // A process that lost its lease and does not know yet must not write into this one's file.
  writing_ = folder / fmt::format("{}-writing-{}{}", stem_, getpid(), kExtension);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw SystemError(
        fmt::format("{}: the folder for checkpoints cannot be made: {}", folder.string(), error.message()));
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const bool ours =
        (name.starts_with(stem_ + "-step-") || name.starts_with(stem_ + "-writing-")) && name.ends_with(kExtension);
    if (ours && name != current_.filename().string()) fs::remove(entry.path(), error);
  }
}

std::optional<fs::path> CheckpointSlot::present(std::string& trouble) const {
  if (current_.empty()) return std::nullopt;
  std::error_code error;
  if (!fs::exists(current_, error)) {
    trouble = fmt::format("the checkpoint {} is lost", current_.string());
    return std::nullopt;
  }
  try {
    const std::string found = sha256_of_file(current_);
    if (found == sha256_) return current_;
    trouble = fmt::format("the checkpoint {} is damaged: its SHA-256 is {}…, recorded was {}…", current_.string(),
                          found.substr(0, 12), sha256_.substr(0, 12));
  } catch (const Error& problem) {
    trouble = fmt::format("the checkpoint cannot be read: {}", problem.what());
  }
  return std::nullopt;
}

void CheckpointSlot::commit(std::int64_t epoch, std::int64_t total_step) {
  const std::string sha256 = sha256_of_file(writing_);
  const fs::path named = writing_.parent_path() / fmt::format("{}-step-{}{}", stem_, total_step, kExtension);
  std::error_code error;
  fs::rename(writing_, named, error);
  if (error)
    throw SystemError(fmt::format("{}: the checkpoint cannot be renamed: {}", named.string(), error.message()));
  sync_folder(named.parent_path());
  store_.put_checkpoint(run_, named, sha256, epoch, total_step);
  // A run that starts over may come by the same step again.
  if (!current_.empty() && current_ != named) fs::remove(current_, error);
  current_ = named;
  sha256_ = sha256;
}

}  // namespace drawlab::runner
