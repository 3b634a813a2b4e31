#include "system/read_file.hpp"

#include "drawlab/error.hpp"

#include "system/descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

namespace drawlab {

void read_pieces(const std::filesystem::path& file, const std::function<void(std::span<const std::byte>)>& take) {
  constexpr std::size_t kPiece = std::size_t{1} << 20U;
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.is_open()) {
    throw DataError(fmt::format("{}: cannot be read: {}", file.string(), std::strerror(errno)));
  }
  std::vector<std::byte> piece(kPiece);
  std::uint64_t offset = 0;
  while (true) {
    const ssize_t count = ::read(descriptor.get(), piece.data(), piece.size());
    if (count == 0) return;
    if (count > 0) {
      take(std::span(piece).first(static_cast<std::size_t>(count)));
      offset += static_cast<std::uint64_t>(count);
    } else if (errno != EINTR) {
      throw DataError(fmt::format("{}: cannot be read: {} (at byte {})", file.string(), std::strerror(errno), offset));
    }
  }
}

std::string read_file(const std::filesystem::path& file, std::uint64_t most) {
  std::string bytes;
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(file, unknown);
  if (!unknown && size > most) {
    throw DataError(fmt::format("{}: has {} bytes, more than {}", file.string(), size, most));
  }
  if (!unknown) bytes.reserve(size);
  read_pieces(file, [&](std::span<const std::byte> piece) {
    bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  return bytes;
}

}  // namespace drawlab
