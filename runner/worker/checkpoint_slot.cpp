#include "runner/worker/checkpoint_slot.hpp"

#include "drawlab/error.hpp"

#include "system/sha256.hpp"

#include <fmt/format.h>

#include <system_error>

namespace drawlab::runner {
namespace fs = std::filesystem;

namespace {

constexpr const char* kExtension = ".safetensors";

}  // namespace

fs::path checkpoint_path(const results::Store& store, const results::RunRow& run) {
  if (run.checkpoint.empty()) return {};
  return (fs::absolute(store.path()).parent_path() / run.checkpoint).lexically_normal();
}

CheckpointSlot::CheckpointSlot(results::Store& store, const results::RunRow& run)
    : store_(store), run_(run.id), current_(checkpoint_path(store, run)), sha256_(run.checkpoint_sha256) {
  const fs::path folder = fs::absolute(store.checkpoint_folder()).lexically_normal();
  stem_ = fmt::format("{}-{}", store.path().stem().string(), run.id);
  target_ = folder / (stem_ + kExtension);
  make_folder(folder);
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const bool ours = (name.starts_with(stem_ + "-step-") && name.ends_with(kExtension)) ||
                      (name.starts_with(target_.filename().string()) && name.ends_with(".part"));
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

void CheckpointSlot::commit(const WrittenCheckpoint& checkpoint) {
  const fs::path named = target_.parent_path() / fmt::format("{}-step-{}{}", stem_, checkpoint.total_step, kExtension);
  checkpoint.file.commit(named);
  store_.put_checkpoint(run_, named, checkpoint.sha256, checkpoint.epoch, checkpoint.total_step);
  std::error_code error;
  // A run that starts again may reach the same step again.
  if (!current_.empty() && current_ != named) fs::remove(current_, error);
  current_ = named;
  sha256_ = checkpoint.sha256;
}

}  // namespace drawlab::runner
