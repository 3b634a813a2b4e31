#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace drawlab::cifar10 {

inline constexpr std::int64_t kSide = 32;
inline constexpr std::int64_t kPixels = 3 * kSide * kSide;
inline constexpr std::int64_t kRecord = 1 + kPixels;  // a label, then the red, green and blue planes
inline constexpr std::int64_t kBatchRecords = 10000;  // of a whole file
inline constexpr int kClasses = 10;

/// One file of the binary version, as it is.
struct Batch {
  std::vector<std::uint8_t> bytes;

  std::int64_t count() const { return static_cast<std::int64_t>(bytes.size()) / kRecord; }
  std::int32_t label(std::int64_t index) const { return bytes[static_cast<std::size_t>(index * kRecord)]; }
  /// [3,32,32], 0…255.
  std::span<const std::uint8_t> pixels(std::int64_t index) const {
    return std::span(bytes).subspan(static_cast<std::size_t>(index * kRecord + 1), static_cast<std::size_t>(kPixels));
  }
};

/// Reads a file of at most 10,000 records, of exactly so many unless `allow_partial`. Throws DataError with file and
/// byte offset: cut within a record, too short or too long, a label past 9.
Batch read_batch(const std::filesystem::path& path, bool allow_partial);

}  // namespace drawlab::cifar10
