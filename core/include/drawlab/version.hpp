#pragma once

#include <cstdint>

namespace drawlab {

/// The version of the program and of the SDK.
inline constexpr const char* kVersion = "0.1.0";

/// Raised whenever the same configuration and seed may give other numbers than before; part of a cell's identity.
inline constexpr std::int64_t kNumericsVersion = 4;

/// Raised whenever an SDK header changes; a plugin built for another number is refused.
inline constexpr std::uint32_t kPluginAbi = 4;

}  // namespace drawlab
