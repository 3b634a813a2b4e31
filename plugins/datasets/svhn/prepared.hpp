#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace drawlab::svhn {

inline constexpr std::size_t kMostDigits = 7;

/// A house number: its digits from left to right.
struct Number {
  std::uint8_t length = 0;
  std::array<std::uint8_t, kMostDigits> digits{};  // 0…9, those past `length` 0
};

/// A file of equal square images with their numbers, made once from the
/// published files and read from then on.
///
/// Little-endian: 16 bytes of magic, u32 side, u32 size of a text, the text
/// (names of missing images, a line each), then the records (u8 length, 7
/// digits, 3·side·side bytes: the red, green and blue planes), and the SHA-256
/// of all before.
class PreparedImages {
 public:
  /// Throws DataError with file and byte offset: no such file, cut, damaged, or
  /// a number that cannot be.
  static PreparedImages read(const std::filesystem::path& path);

  std::int64_t count() const { return count_; }
  std::int64_t side() const { return side_; }
  Number number(std::int64_t index) const;
  /// [3,side,side], 0…255.
  std::span<const std::uint8_t> pixels(std::int64_t index) const;
  const std::vector<std::string>& missing() const { return missing_; }
  /// Of all content, lower-case hexadecimal.
  const std::string& sha256() const { return sha256_; }

 private:
  std::size_t record_size() const;

  std::vector<std::uint8_t> bytes_;
  std::size_t first_ = 0;  // where the records begin
  std::int64_t count_ = 0;
  std::int64_t side_ = 0;
  std::vector<std::string> missing_;
  std::string sha256_;
};

/// Where the process of this number writes such a file until it is whole.
std::filesystem::path part_of(const std::filesystem::path& path, long process);

/// Writes such a file aside and gives it its name at the end. Throws
/// SystemError.
class PreparedWriter {
 public:
  PreparedWriter(std::filesystem::path path, std::uint32_t side, const std::vector<std::string>& missing);
  ~PreparedWriter();
  PreparedWriter(const PreparedWriter&) = delete;
  PreparedWriter& operator=(const PreparedWriter&) = delete;

  void add(const Number& number, std::span<const std::uint8_t> pixels);
  void finish();

 private:
  void put(const void* bytes, std::size_t count);

  std::filesystem::path path_;
  std::filesystem::path aside_;
  std::ofstream file_;
  struct Hash;
  std::unique_ptr<Hash> hash_;
  bool finished_ = false;
};

/// SHA-256 of bytes, lower-case hexadecimal.
std::string sha256_of(std::span<const std::uint8_t> bytes);

}  // namespace drawlab::svhn
