#pragma once

#include <cstdint>
#include <string>

namespace drawlab {

/// `12 s`, `3 min 20 s`, `2 h 05 min`.
std::string duration_text(double seconds);

/// `912 B`, `31.4 kB`, `9.9 MB`, `1.96 GB`.
std::string size_text(std::uint64_t bytes);

/// `1 digit`, `2 digits`.
std::string counted(std::int64_t count, const std::string& what);

}  // namespace drawlab
