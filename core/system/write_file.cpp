#include "system/write_file.hpp"

#include "drawlab/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace drawlab {

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  std::filesystem::path aside = path;
  aside += ".part";
  errno = 0;
  std::ofstream file(aside, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code error;
  if (!file) {
    const std::string reason = errno != 0 ? std::strerror(errno) : "unknown reason";
    std::filesystem::remove(aside, error);
    throw SystemError(fmt::format("{}: cannot be written: {}", path.string(), reason));
  }
  std::filesystem::rename(aside, path, error);
  if (error) throw SystemError(fmt::format("{}: cannot be written: {}", path.string(), error.message()));
}

}  // namespace drawlab
