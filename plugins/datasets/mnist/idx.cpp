#include "idx.hpp"

#include "drawlab/error.hpp"

#include <utility>

namespace drawlab::mnist {

namespace {

constexpr std::uint32_t kImagesMagic = 0x00000803;  // unsigned bytes in three dimensions
constexpr std::uint32_t kLabelsMagic = 0x00000801;  // unsigned bytes in one dimension

std::uint32_t big_endian(const Content& content, std::size_t offset) {
  if (content.bytes.size() < offset + 4) {
    throw DataError(content.at(content.bytes.size()) + ": the file ends within its IDX header");
  }
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | static_cast<std::uint8_t>(content.bytes[offset + i]);
  return value;
}

void check_magic(const Content& content, std::uint32_t expected, const char* what) {
  const std::uint32_t magic = big_endian(content, 0);
  if (magic != expected) {
    throw DataError(content.at(0) + ": magic number " + std::to_string(magic) + " is not that of " + what + ", " +
                    std::to_string(expected));
  }
}

void check_length(const IdxFile& file, const char* what) {
  const std::size_t expected = file.header + static_cast<std::size_t>(file.count * file.stride);
  const std::size_t found = file.content.bytes.size();
  if (found < expected) {
    throw DataError(file.content.at(found) + ": cut short: the header promises " + std::to_string(file.count) + " " +
                    what + ", which take " + std::to_string(expected) + " bytes");
  }
  if (found > expected) {
    throw DataError(file.content.at(expected) + ": " + std::to_string(found - expected) +
                    " bytes follow the last of the " + std::to_string(file.count) + " " + what +
                    " that the header promises");
  }
}

}  // namespace

IdxFile parse_idx_images(Content content, std::int64_t height, std::int64_t width) {
  IdxFile file{std::move(content), 16, 0, height * width};
  check_magic(file.content, kImagesMagic, "IDX images");
  file.count = big_endian(file.content, 4);
  const std::int64_t rows = big_endian(file.content, 8);
  const std::int64_t columns = big_endian(file.content, 12);
  if (rows != height || columns != width) {
    throw DataError(file.content.at(8) + ": images of " + std::to_string(rows) + "x" + std::to_string(columns) +
                    " pixels; needed: " + std::to_string(height) + "x" + std::to_string(width));
  }
  check_length(file, "images");
  return file;
}

IdxFile parse_idx_labels(Content content) {
  IdxFile file{std::move(content), 8, 0, 1};
  check_magic(file.content, kLabelsMagic, "IDX labels");
  file.count = big_endian(file.content, 4);
  check_length(file, "labels");
  for (std::int64_t i = 0; i < file.count; ++i) {
    const int label = file.values(i)[0];
    if (label > 9) {
      throw DataError(file.content.at(file.header + static_cast<std::size_t>(i)) + ": label " + std::to_string(label) +
                      " of sample " + std::to_string(i) + " is outside 0..9");
    }
  }
  return file;
}

void check_counts(const IdxFile& images, const IdxFile& labels, std::int64_t expected) {
  if (images.count != labels.count) {
    throw DataError(images.content.at(4) + ": " + std::to_string(images.count) + " images, but " +
                    labels.content.path.string() + " holds " + std::to_string(labels.count) +
                    " labels; each image needs one");
  }
  if (images.count != expected) {
    throw DataError(images.content.at(4) + ": " + std::to_string(images.count) +
                    " images; needed: " + std::to_string(expected));
  }
}

}  // namespace drawlab::mnist
