#pragma once

#include "templates.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace drawlab::digits {

inline constexpr int kSide = 28;
using Picture = std::array<std::uint8_t, static_cast<std::size_t>(kSide) * kSide>;

/// A piece of a stroke: a straight line whose half-width changes linearly, in pixels. The centre of the pixel in row i
/// and column j is at (j + 0.5, i + 0.5).
struct Segment {
  Point from;
  Point to;
  double from_radius = 1;
  double to_radius = 1;
};

/// The ink of a round pen along the segments: 255 inside, 0 outside, with a linear transition over `softness` pixels at
/// the edge. Ink outside the picture is cut off.
void draw(std::span<const Segment> segments, double softness, Picture& picture);

}  // namespace drawlab::digits
