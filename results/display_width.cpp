#include "results/display_width.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace drawlab::results {

namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// The blocks of Unicode whose letters combine with the one before, and those that are two columns wide.
constexpr std::array<Range, 8> kCombining = {{{0x0300, 0x036F},
                                              {0x0483, 0x0489},
                                              {0x1AB0, 0x1AFF},
                                              {0x1DC0, 0x1DFF},
                                              {0x200B, 0x200F},
                                              {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F},
                                              {0xFE20, 0xFE2F}}};
constexpr std::array<Range, 11> kWide = {{{0x1100, 0x115F},
                                          {0x2E80, 0x303E},
                                          {0x3041, 0x33FF},
                                          {0x3400, 0x4DBF},
                                          {0x4E00, 0x9FFF},
                                          {0xA000, 0xA4CF},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF00, 0xFF60},
                                          {0x1F300, 0x1FAFF}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t letter) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [letter](const Range& range) { return letter >= range.first && letter <= range.last; });
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t letter = length == 1 ? lead : lead & (0x7Fu >> length);
    std::size_t taken = 1;
    while (taken < length && at + taken < text.size() &&
           (static_cast<unsigned char>(text[at + taken]) & 0xC0) == 0x80) {
      letter = (letter << 6) | (static_cast<unsigned char>(text[at + taken]) & 0x3Fu);
      ++taken;
    }
    at += taken;
    width += within(kCombining, letter) ? 0 : within(kWide, letter) ? 2 : 1;
  }
  return width;
}

}  // namespace drawlab::results
