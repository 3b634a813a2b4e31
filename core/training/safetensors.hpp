#pragma once

#include "system/write_file.hpp"

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

  /// Returns the SHA-256 of the file's bytes, which depend on the content alone. Throws SystemError.
  std::string write(FileWriter& file) const;
  std::string write(const std::filesystem::path& file) const;
  /// Throws DataError with the file and the byte offset if it is cut, damaged, or no such file.
  static SafeTensors read(const std::filesystem::path& file);
};

}  // namespace drawlab
