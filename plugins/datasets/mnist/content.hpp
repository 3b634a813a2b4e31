#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace drawlab::mnist {

/// A file's content in memory; a gzip file, known by its first bytes whatever its name, is decompressed.
struct Content {
  std::filesystem::path path;
  bool compressed = false;
  std::string bytes;

  /// `path: at byte 16`, or `path: at byte 16 of the decompressed content`; the beginning of an error message.
  std::string at(std::size_t offset) const;
};

inline constexpr std::size_t kMostContent = std::size_t{256} << 20U;  // three times the largest file's content

/// A file's content from its bytes. Throws DataError with file and byte offset if its gzip stream is cut short or
/// damaged, has bytes after it, or unpacks to more than kMostContent. `size_hint` is the expected size, if known; it
/// saves copies.
Content parse_content(const std::filesystem::path& path, std::string bytes, std::size_t size_hint = 0);

}  // namespace drawlab::mnist
