#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace drawlab::svhn {

/// The number in the four bytes from `offset` on, which must exist.
inline std::uint32_t little_endian(std::span<const std::uint8_t> bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8U | bytes[offset + i];
  return value;
}

}  // namespace drawlab::svhn
