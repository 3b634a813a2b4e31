#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace drawlab::mnist {

/// A file's content in memory; a gzip file, known by its first bytes whatever its name, is decompressed.
struct Content {
  std::filesystem::path path;
  bool compressed = false;
  std::string bytes;

  /// `path: at byte 16`, or `path: at byte 16 of the decompressed content`; the beginning of an error message.
  std::string at(std::size_t offset) const;
};

/// Reads a file whole. Throws DataError with file and byte offset: it cannot be read, its gzip stream is cut short or
/// damaged, something follows the stream, or it holds more than 256 MB, packed or not. `size_hint` saves copies where
/// the content's size is known beforehand.
Content read_content(const std::filesystem::path& path, std::size_t size_hint = 0);

/// SHA-256, lower-case hexadecimal.
std::string sha256_of(std::string_view bytes);

}  // namespace drawlab::mnist
