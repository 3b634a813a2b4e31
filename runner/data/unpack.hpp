#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace drawlab::runner {

/// The most that an archive may hold, so that a small one cannot fill the disk.
struct UnpackLimits {
  std::uint64_t bytes = std::uint64_t{20} << 30U;
  std::uint64_t files = 1000000;
};

/// Unpacks what an archive (tar, zip, … and its compressions) holds below `inside` into `folder`, without that prefix;
/// `.` stands for all of it. Each file is written aside, synced and renamed. Regular files and folders only: an entry
/// whose path is absolute or climbs out by `..`, a link, or anything else is refused before a byte of it is written.
/// Throws DataError with the archive and the entry: it is damaged, refused, past a limit, or holds nothing there;
/// SystemError where a file cannot be written.
void unpack(const std::filesystem::path& archive, const std::string& inside, const std::filesystem::path& folder,
            const UnpackLimits& limits = {});

}  // namespace drawlab::runner
