#include "prepared.hpp"

#include "drawlab/error.hpp"

#include "little_endian.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace drawlab::svhn {

namespace {

constexpr std::size_t kHeader = kPreparedMagic.size() + 8;
constexpr std::size_t kLabel = 1 + kMostDigits;
constexpr std::uint32_t kMostSide = 1024;

std::string hexadecimal(std::string_view bytes) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<std::uint8_t>(byte) >> 4U];
    text += kDigits[static_cast<std::uint8_t>(byte) & 15U];
  }
  return text;
}

[[noreturn]] void refuse(const std::filesystem::path& path, std::size_t offset, const std::string& text) {
  throw DataError(path.string() + ": at byte " + std::to_string(offset) + ": " + text);
}

std::span<const std::uint8_t> as_numbers(std::string_view bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

bool is_possible(const Number& number) {
  return number.length >= 1 && number.length <= kMostDigits &&
         std::ranges::all_of(number.digits, [](std::uint8_t digit) { return digit <= 9; });
}

}  // namespace

PreparedImages PreparedImages::parse(const std::filesystem::path& path, std::string all,
                                     const std::function<std::string(std::string_view)>& sha256_of) {
  PreparedImages images;
  images.bytes_ = std::move(all);
  const std::string_view bytes = images.bytes_;
  if (bytes.size() < kHeader + kDigestSize) refuse(path, bytes.size(), "cut short within its header");
  if (!bytes.starts_with(kPreparedMagic)) refuse(path, 0, "is no file of prepared images");
  const std::string_view content = bytes.substr(0, bytes.size() - kDigestSize);
  images.sha256_ = hexadecimal(bytes.substr(content.size()));
  if (sha256_of(content) != images.sha256_) {
    refuse(path, content.size(), "its checksum is not that of its content: it is cut or damaged");
  }
  const std::uint32_t side = little_endian(as_numbers(bytes), kPreparedMagic.size());
  const std::uint32_t text = little_endian(as_numbers(bytes), kPreparedMagic.size() + 4);
  if (side == 0 || side > kMostSide)
    refuse(path, kPreparedMagic.size(), "a side of " + std::to_string(side) + " pixels");
  if (text > content.size() - kHeader) refuse(path, kPreparedMagic.size() + 4, "a text longer than the file");
  images.side_ = side;
  images.first_ = kHeader + text;
  std::istringstream lines{std::string(bytes.substr(kHeader, text))};
  for (std::string line; std::getline(lines, line);) images.missing_.push_back(line);
  const std::size_t records = content.size() - images.first_;
  if (records % images.record_size() != 0) refuse(path, content.size(), "ends within a record");
  images.count_ = static_cast<std::int64_t>(records / images.record_size());
  for (std::int64_t i = 0; i < images.count_; ++i) {
    if (!is_possible(images.number(i))) {
      refuse(path, images.first_ + static_cast<std::size_t>(i) * images.record_size(),
             "record " + std::to_string(i + 1) + " has no possible number");
    }
  }
  return images;
}

std::size_t PreparedImages::record_size() const { return kLabel + 3 * static_cast<std::size_t>(side_ * side_); }

std::span<const std::uint8_t> PreparedImages::record(std::int64_t index) const {
  return as_numbers(bytes_).subspan(first_ + static_cast<std::size_t>(index) * record_size(), record_size());
}

Number PreparedImages::number(std::int64_t index) const {
  Number number;
  number.length = record(index)[0];
  std::ranges::copy(record(index).subspan(1, kMostDigits), number.digits.begin());
  return number;
}

std::span<const std::uint8_t> PreparedImages::pixels(std::int64_t index) const { return record(index).subspan(kLabel); }

}  // namespace drawlab::svhn
