#pragma once

#include "content.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace drawlab::mnist {

/// An IDX file in memory: a header of big-endian numbers, then one byte per value.
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

/// Images of height × width grey levels (magic 2051). Throws DataError with file and byte offset if the magic or the
/// size is wrong, if it is cut short, or if bytes follow the last image.
IdxFile parse_idx_images(Content content, std::int64_t height, std::int64_t width);
/// Labels (magic 2049), each 0…9. Throws DataError in the same cases, and for a label above 9.
IdxFile parse_idx_labels(Content content);

/// Throws DataError unless both files hold `expected` samples.
void check_counts(const IdxFile& images, const IdxFile& labels, std::int64_t expected);

}  // namespace drawlab::mnist
