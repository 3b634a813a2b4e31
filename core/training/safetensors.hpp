#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace drawlab {

/// One array of a safetensors file.
struct SafeTensor {
  std::string type;  // "F32", "F64", "I64"
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;  // little-endian, row-major

  template <class T>
  static SafeTensor of(const std::string& type, std::vector<std::int64_t> shape, std::span<const T> numbers) {
    const auto bytes = std::as_bytes(numbers);
    return {type, std::move(shape), {bytes.begin(), bytes.end()}};
  }
};

/// A file of named arrays (the safetensors format: a length, a JSON header, the bytes).
struct SafeTensors {
  std::map<std::string, SafeTensor> tensors;
  std::map<std::string, std::string> metadata;

  /// Written aside, synced and renamed into place; the same content gives the same bytes. Throws SystemError.
  void write(const std::filesystem::path& file) const;
  /// Throws DataError with the file and the byte offset where it is cut, damaged, or not such a file.
  static SafeTensors read(const std::filesystem::path& file);
};

}  // namespace drawlab
