#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace drawlab {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text) { update(std::as_bytes(std::span(text))); }
  /// Lower-case hexadecimal, 64 characters; ends the sum.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// Of some bytes, lower-case hexadecimal.
std::string sha256_of(std::span<const std::byte> bytes);
std::string sha256_of(std::string_view text);

/// Of a file's content, read in pieces. Throws DataError where it is not there or cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace drawlab
