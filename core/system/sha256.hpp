#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace drawlab {

/// Computes the SHA-256 (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text) { update(std::as_bytes(std::span(text))); }
  /// Ends the sum.
  std::array<std::byte, 32> digest();
  /// The digest in lower-case hexadecimal, 64 characters.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// The SHA-256 of some bytes in lower-case hexadecimal.
std::string sha256_of(std::span<const std::byte> bytes);
std::string sha256_of(std::string_view text);

/// The SHA-256 of a file's content, read in pieces. Throws DataError if it cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace drawlab
