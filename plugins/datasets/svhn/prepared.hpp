#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drawlab::svhn {

inline constexpr std::size_t kMostDigits = 7;

/// A house number: its digits from left to right.
struct Number {
  std::uint8_t length = 0;
  std::array<std::uint8_t, kMostDigits> digits{};  // 0…9; 0 after `length`
};

inline constexpr std::string_view kPreparedMagic("drawlab-svhn-1\n", 16);
inline constexpr std::size_t kDigestSize = 32;

/// A file of equal square images with their numbers, made once from the published files. PreparedWriter writes it.
///
/// Little-endian: 16 bytes of magic, u32 side, u32 size of a text, the text (names of missing images, one per line),
/// then the records (u8 length, 7 digits, 3·side·side bytes: the red, green and blue planes), and the SHA-256 of
/// everything before.
class PreparedImages {
 public:
  /// `sha256_of` returns lower-case hexadecimal. Throws DataError with file and byte offset if it is no such file, cut
  /// or damaged, or has an impossible number.
  static PreparedImages parse(const std::filesystem::path& path, std::string bytes,
                              const std::function<std::string(std::string_view)>& sha256_of);

  std::int64_t count() const { return count_; }
  std::int64_t side() const { return side_; }
  Number number(std::int64_t index) const;
  /// [3,side,side], 0…255.
  std::span<const std::uint8_t> pixels(std::int64_t index) const;
  const std::vector<std::string>& missing() const { return missing_; }
  /// The SHA-256 of all content, lower-case hexadecimal.
  const std::string& sha256() const { return sha256_; }

 private:
  std::size_t record_size() const;
  std::span<const std::uint8_t> record(std::int64_t index) const;

  std::string bytes_;
  std::size_t first_ = 0;  // where the records begin
  std::int64_t count_ = 0;
  std::int64_t side_ = 0;
  std::vector<std::string> missing_;
  std::string sha256_;
};

}  // namespace drawlab::svhn
