#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace drawlab {

/// Writes a file aside and gives it its name when it is whole. Throws SystemError.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);

}  // namespace drawlab
