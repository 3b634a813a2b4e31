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
  std::uint64_t received = 0;  // bytes of the file on disk, including those of earlier attempts
  std::uint64_t total = 0;     // 0: unknown
};

struct DownloadOptions {
  /// Called several times a second; false ends the download. The bytes that arrived are kept for the next one.
  std::function<bool(const DownloadProgress&)> progress;
  std::chrono::seconds connect_timeout{20};
  /// A mirror that sends nothing for this long is given up.
  std::chrono::seconds stall_timeout{30};
  /// Attempts per mirror if connections end early; each continues where the last one ended.
  int attempts = 3;
};

/// Downloads `file` into `folder` under its first name and returns its path. Tries the mirrors in order. Bytes go to
/// `<name>.part`, which a later call continues; the file is renamed once it is complete and its SHA-256 is right. A
/// second process that downloads the same file waits for the first. Throws DataError that says what went wrong with
/// each mirror, or that the disk is full or the folder cannot be written.
std::filesystem::path download(const DatasetFile& file, const std::filesystem::path& folder,
                               const DownloadOptions& options = {});

}  // namespace drawlab::runner
