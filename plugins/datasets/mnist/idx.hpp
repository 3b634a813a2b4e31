#pragma once

#include "content.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace drawlab::mnist {

/// An IDX file in memory: a header of big-endian numbers, then one byte a value.
struct IdxFile {
  Content content;
  std::size_t header = 0;   // bytes before the first value
  std::int64_t count = 0;   // of images or labels
  std::int64_t stride = 1;  // values each

  std::span<const std::uint8_t> values(std::int64_t index) const {
    const auto* first = reinterpret_cast<const std::uint8_t*>(content.bytes.data()) + header;
    return {first + index * stride, static_cast<std::size_t>(stride)};
  }
};

/// Images of height × width grey levels (magic 2051). Throws DataError with file and byte offset: wrong magic, wrong
/// size, cut short, or with bytes after the last image.
IdxFile read_idx_images(const std::filesystem::path& path, std::int64_t height, std::int64_t width,
                        std::size_t size_hint = 0);
/// Labels (magic 2049), each 0…9. Throws DataError likewise, and on a label above 9.
IdxFile read_idx_labels(const std::filesystem::path& path);

/// Throws DataError unless both files hold `expected` samples.
void check_counts(const IdxFile& images, const IdxFile& labels, std::int64_t expected);

}  // namespace drawlab::mnist
