#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace drawlab::runner {

/// How much an archive may hold, so that a small one cannot fill the disk.
struct UnpackLimits {
  std::uint64_t bytes = std::uint64_t{20} << 30U;
  std::uint64_t files = 1000000;
};

/// Unpacks the files below `inside` in an archive (tar, zip, … and compressed ones) into `folder`, without that prefix;
/// `.` unpacks all. Each file is written aside, synced and renamed. Links, special files and paths that are absolute or
/// contain `..` are refused before a byte of them is written. Throws DataError with the archive and the entry if it is
/// damaged, refused, beyond a limit, or has no files there; SystemError if a file cannot be written.
void unpack(const std::filesystem::path& archive, const std::string& inside, const std::filesystem::path& folder,
            const UnpackLimits& limits = {});

}  // namespace drawlab::runner
