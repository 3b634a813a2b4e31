#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>

namespace drawlab {

/// A file's bytes. Throws DataError if it cannot be read or has more than `most` bytes.
std::string read_file(const std::filesystem::path& file,
                      std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

/// Passes a file's bytes on in pieces of at most 1 MiB. Throws DataError if it cannot be read.
void read_pieces(const std::filesystem::path& file, const std::function<void(std::span<const std::byte>)>& take);

}  // namespace drawlab
