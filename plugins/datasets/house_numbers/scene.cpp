#include "scene.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::house_numbers {

namespace {

constexpr int kLightCells = 4;  // of the coarse grid between whose corners light changes evenly

/// Uneven light: factors near 1 at the corners of a coarse grid, between them by straight lines.
class Light {
 public:
  Light(float depth, Random& random) {
    for (float& corner : corners_) corner = 1 + depth * static_cast<float>(random.uniform(-1, 1));
  }
  /// x and y within [0,1).
  float at(float x, float y) const {
    const int column = std::min(static_cast<int>(x * kLightCells), kLightCells - 1);
    const int row = std::min(static_cast<int>(y * kLightCells), kLightCells - 1);
    const float u = x * kLightCells - static_cast<float>(column);
    const float v = y * kLightCells - static_cast<float>(row);
    const auto corner = [&](int dx, int dy) {
      return corners_[static_cast<std::size_t>((std::int64_t{row} + dy) * (kLightCells + 1) + column + dx)];
    };
    return (corner(0, 0) * (1 - u) + corner(1, 0) * u) * (1 - v) + (corner(0, 1) * (1 - u) + corner(1, 1) * u) * v;
  }

 private:
  std::array<float, static_cast<std::size_t>(kLightCells + 1) * (kLightCells + 1)> corners_;
};

/// A wall's structure: by how much it is darker or lighter at a pixel.
struct Structure {
  enum class Kind { plaster, bricks, boards } kind;
  float course;  // height of a row of bricks, width of a board
  float length;  // of a brick
  float offset_x, offset_y;
  float joint;  // thickness of the lines
  float depth;  // by how much they differ

  float at(float x, float y) const {
    if (kind == Kind::plaster) return 0;
    const float across = kind == Kind::bricks ? y + offset_y : x + offset_x;
    const float row = std::floor(across / course);
    if (across - row * course < joint) return depth;
    if (kind == Kind::boards) return 0;
    const float along = x + offset_x + (std::fmod(row, 2.0F) != 0 ? length / 2 : 0);
    return along - std::floor(along / length) * length < joint ? depth : 0;
  }
};

Structure structure_of(int side, Random& random) {
  const auto size = static_cast<float>(side);
  const auto kind = static_cast<Structure::Kind>(random.below(3));
  const float course = size * static_cast<float>(random.uniform(0.1, 0.3));
  const float length = course * static_cast<float>(random.uniform(1.8, 3));
  const float offset_x = size * static_cast<float>(random.uniform());
  const float offset_y = size * static_cast<float>(random.uniform());
  const float joint = size * static_cast<float>(random.uniform(0.015, 0.04));
  return {kind, course, length, offset_x, offset_y, joint, static_cast<float>(random.uniform(-0.2, 0.2))};
}

/// The glyph's ink between its pixels' centres; paper outside.
float ink_at(Glyph glyph, float x, float y) {
  const float left = std::floor(x);
  const float top = std::floor(y);
  const float u = x - left;
  const float v = y - top;
  const auto ink = [&](int dx, int dy) {
    const int column = static_cast<int>(left) + dx;
    const int row = static_cast<int>(top) + dy;
    if (column < 0 || row < 0 || column >= kGlyphSide || row >= kGlyphSide) return 0.0F;
    return glyph[static_cast<std::size_t>(std::int64_t{row} * kGlyphSide + column)];
  };
  return (ink(0, 0) * (1 - u) + ink(1, 0) * u) * (1 - v) + (ink(0, 1) * (1 - u) + ink(1, 1) * u) * v;
}

}  // namespace

Scene::Scene(int side) : side_(side), pixels_(static_cast<std::size_t>(std::int64_t{3} * side * side)) {}

void Scene::build_wall(const Rgb& color, Random& random) {
  const Structure structure = structure_of(side_, random);
  const Light light(static_cast<float>(random.uniform(0.05, 0.25)), random);
  for (int y = 0; y < side_; ++y) {
    for (int x = 0; x < side_; ++x) {
      const float lit = light.at((static_cast<float>(x) + 0.5F) / static_cast<float>(side_),
                                 (static_cast<float>(y) + 0.5F) / static_cast<float>(side_));
      const float step = structure.at(static_cast<float>(x), static_cast<float>(y));
      for (int channel = 0; channel < 3; ++channel) {
        at(channel, y, x) = std::clamp((color[static_cast<std::size_t>(channel)] + step) * lit, 0.0F, 1.0F);
      }
    }
  }
}

void Scene::paint(Glyph glyph, const Box& box, float slant, const Rgb& color) {
  // The box belongs to a glyph's middle 20 pixels, which have most of its ink; ink in the margin around them is painted
  // too.
  constexpr float kInkFrom = 4;
  constexpr float kInkSize = 20;
  constexpr float kMargin = kInkFrom / kInkSize;
  const float wide = box.width * kMargin + std::abs(slant) * box.height + 1;
  const float high = box.height * kMargin + 1;
  const int first_x = std::max(0, static_cast<int>(std::floor(box.left - wide)));
  const int last_x = std::min(side_ - 1, static_cast<int>(std::ceil(box.left + box.width + wide)));
  const int first_y = std::max(0, static_cast<int>(std::floor(box.top - high)));
  const int last_y = std::min(side_ - 1, static_cast<int>(std::ceil(box.top + box.height + high)));
  for (int y = first_y; y <= last_y; ++y) {
    const float down = (static_cast<float>(y) + 0.5F - box.top) / box.height;
    for (int x = first_x; x <= last_x; ++x) {
      const float straight = static_cast<float>(x) + 0.5F - slant * (0.5F - down) * box.height;
      const float along = (straight - box.left) / box.width;
      const float ink = ink_at(glyph, kInkFrom + kInkSize * along - 0.5F, kInkFrom + kInkSize * down - 0.5F);
      if (ink <= 0) continue;
      for (int channel = 0; channel < 3; ++channel) {
        float& pixel = at(channel, y, x);
        pixel += ink * (color[static_cast<std::size_t>(channel)] - pixel);
      }
    }
  }
}

void Scene::photograph(float blur, float noise, Random& random) {
  // Each pixel takes a share of its four neighbours; the edge repeats itself.
  const std::vector<float> sharp = pixels_;
  const auto before = [&](int channel, int y, int x) {
    const int row = std::clamp(y, 0, side_ - 1);
    const int column = std::clamp(x, 0, side_ - 1);
    return sharp[static_cast<std::size_t>((std::int64_t{channel} * side_ + row) * side_ + column)];
  };
  for (int y = 0; y < side_; ++y) {
    for (int x = 0; x < side_; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        const float around = before(channel, y - 1, x) + before(channel, y + 1, x) + before(channel, y, x - 1) +
                             before(channel, y, x + 1);
        // The sum of four uniform numbers is close enough to a normal one, and cheaper; its variance is 1/3.
        float grain = -2;
        for (int i = 0; i < 4; ++i) grain += static_cast<float>(random.uniform());
        const float seen = (1 - blur) * before(channel, y, x) + blur / 4 * around + noise * 1.7320508F * grain;
        at(channel, y, x) = std::round(std::clamp(seen, 0.0F, 1.0F) * 255) / 255;
      }
    }
  }
}

}  // namespace drawlab::house_numbers
