#pragma once

#include "drawlab/random.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace drawlab::house_numbers {

/// A handwritten digit: [28,28], 0 paper to 1 ink.
inline constexpr int kGlyphSide = 28;
using Glyph = std::span<const float>;

/// Red, green, blue in [0,1].
using Rgb = std::array<float, 3>;

/// Where a digit is painted, in pixels; parts outside the scene are cut off.
struct Box {
  float left = 0;
  float top = 0;
  float width = 0;
  float height = 0;
};

/// A square colour picture.
class Scene {
 public:
  explicit Scene(int side);

  int side() const { return side_; }
  /// [3,side,side] in [0,1].
  std::span<const float> pixels() const { return pixels_; }

  /// Fills the scene with a wall: plaster, bricks or boards of about this colour, unevenly lit.
  void build_wall(const Rgb& color, Random& random);
  /// Blends a digit's ink over the wall. `slant`: pixels to the right at its top per pixel of its height.
  void paint(Glyph glyph, const Box& box, float slant, const Rgb& color);
  /// Adds the effects of a camera: a little blur, noise of this standard deviation, and 256 levels.
  void photograph(float blur, float noise, Random& random);

 private:
  float& at(int channel, int y, int x) {
    return pixels_[static_cast<std::size_t>((std::int64_t{channel} * side_ + y) * side_ + x)];
  }

  int side_;
  std::vector<float> pixels_;
};

}  // namespace drawlab::house_numbers
