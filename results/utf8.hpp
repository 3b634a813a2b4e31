#pragma once

#include <cstddef>
#include <string_view>

namespace drawlab::results {

/// The length of the UTF-8 sequence that begins at byte `at`, or 0 if none does.
std::size_t sequence_length(std::string_view text, std::size_t at);

}  // namespace drawlab::results
