#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace drawlab::cifar10 {

inline constexpr std::int64_t kSide = 32;
inline constexpr std::int64_t kPixels = 3 * kSide * kSide;
inline constexpr std::int64_t kRecord = 1 + kPixels;  // a label, then the red, green and blue planes
inline constexpr std::int64_t kBatchRecords = 10000;  // of a whole file
inline constexpr int kClasses = 10;

/// One file of the binary version, as it is.
struct Batch {
  std::string bytes;

  std::int64_t count() const { return static_cast<std::int64_t>(bytes.size()) / kRecord; }
  /// A label, then the red, green and blue planes [3,32,32], 0…255.
  std::span<const std::uint8_t> record(std::int64_t index) const {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()) + index * kRecord, static_cast<std::size_t>(kRecord)};
  }
  std::int32_t label(std::int64_t index) const { return record(index)[0]; }
  std::span<const std::uint8_t> pixels(std::int64_t index) const { return record(index).subspan(1); }
};

/// Parses a file of 10,000 records, or fewer if `allow_partial`. Throws DataError with file and byte offset if it is
/// cut within a record, too short or too long, or has a label above 9.
Batch parse_batch(const std::filesystem::path& path, std::string bytes, bool allow_partial);

}  // namespace drawlab::cifar10
