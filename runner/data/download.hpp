#pragma once

#include "drawlab/dataset.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace drawlab::runner {

struct DownloadProgress {
  std::string url;
  std::uint64_t received = 0;  // bytes of the file on disk, those of an earlier attempt included
  std::uint64_t total = 0;     // 0: unknown
};

struct DownloadOptions {
  /// Called now and then; false ends the download, and what has arrived is kept for the next one.
  std::function<bool(const DownloadProgress&)> progress;
  std::chrono::seconds connect_timeout{20};
  /// A mirror that sends nothing for so long is given up.
  std::chrono::seconds stall_timeout{30};
  /// Connections to one mirror that end early, each continued where the last one broke off.
  int attempts = 3;
};

/// Downloads `file` into `folder` under its first name and returns its path. Mirrors are tried in order; bytes go to
/// `<name>.part`, which a later call continues, and the file takes its name only when it is whole and its SHA-256 is
/// right. A second process that wants the same file waits for the first. Throws DataError that says for each mirror
/// what went wrong, or that the disk is full or the folder cannot be written.
std::filesystem::path download(const DatasetFile& file, const std::filesystem::path& folder,
                               const DownloadOptions& options = {});

}  // namespace drawlab::runner
