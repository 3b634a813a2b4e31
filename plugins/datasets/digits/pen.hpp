#pragma once

#include "templates.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace drawlab::digits {

inline constexpr int kSide = 28;
using Picture = std::array<std::uint8_t, static_cast<std::size_t>(kSide) * kSide>;

/// A piece of a stroke: a straight line whose half-width changes evenly, in pixels. The centre of the pixel in row i
/// and column j lies at (j + 0.5, i + 0.5).
struct Segment {
  Point from;
  Point to;
  double from_radius = 1;
  double to_radius = 1;
};

/// Ink where a round pen ran along the segments: 255 inside, 0 outside, fading linearly over `softness` pixels at the
/// edge. What lies outside the picture is cut off.
void draw(std::span<const Segment> segments, double softness, Picture& picture);

}  // namespace drawlab::digits
