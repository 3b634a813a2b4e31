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

/// Walks over all elements of a little-endian MATLAB 5 file, unpacks what is packed to its end, and tells what each
/// variable has stored, since matio takes what is missing for zeros or leaves it as memory was. Throws DataError with
/// file and byte offset: elements that do not fill the file, a packed one that is cut, damaged or of another size than
/// it says, one that unpacks to more than 4 GB, or one that is no variable.
std::map<std::string, StoredNumbers> stored_numbers(const std::filesystem::path& path);

}  // namespace drawlab::svhn
