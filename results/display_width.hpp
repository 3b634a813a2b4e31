#pragma once

#include <cstddef>
#include <string_view>

namespace drawlab::results {

/// The columns that a UTF-8 text takes on a terminal: two for wide East Asian letters and emoji, none for combining
/// marks.
std::size_t display_width(std::string_view text);

}  // namespace drawlab::results
