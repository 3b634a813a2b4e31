#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace drawlab::svhn {

/// How a variable's real part is stored in a MATLAB 5 file.
struct StoredNumbers {
  std::uint32_t type = 0;    // the file's own type of number; 2: unsigned bytes
  std::uint64_t bytes = 0;   // of all of them
  std::uint64_t offset = 0;  // of the variable in the file
};
inline constexpr std::uint32_t kStoredBytes = 2;

/// Bytes of one number of a stored type; 0: no such type.
std::uint64_t size_of_stored(std::uint32_t type);

/// Visits all elements of a little-endian MATLAB 5 file, unpacks packed ones completely, and returns what each variable
/// stores, because matio reads missing numbers as zeros or leaves them unset. Throws DataError with file and byte
/// offset if the elements do not fill the file, or one is no variable, or a packed one is cut, damaged, of another size
/// than stated or larger than 4 GB.
std::map<std::string, StoredNumbers> stored_numbers(const std::filesystem::path& path);

}  // namespace drawlab::svhn
