#include "pen.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::digits {

void draw(std::span<const Segment> segments, double softness, Picture& picture) {
  // The darkest segment counts, so that crossings and joints are no darker than the rest.
  std::array<double, static_cast<std::size_t>(kSide) * kSide> ink{};
  for (const Segment& segment : segments) {
    const double reach = std::max(segment.from_radius, segment.to_radius) + softness / 2;
    const auto first = [&](double a, double b) {
      return std::max(0, static_cast<int>(std::floor(std::min(a, b) - reach - 0.5)));
    };
    const auto last = [&](double a, double b) {
      return std::min(kSide - 1, static_cast<int>(std::ceil(std::max(a, b) + reach - 0.5)));
    };
    const double along_x = segment.to.x - segment.from.x;
    const double along_y = segment.to.y - segment.from.y;
    const double length_squared = along_x * along_x + along_y * along_y;
    const double inverse = length_squared > 0 ? 1 / length_squared : 0;
    const int last_row = last(segment.from.y, segment.to.y);
    const int last_column = last(segment.from.x, segment.to.x);
    for (int row = first(segment.from.y, segment.to.y); row <= last_row; ++row) {
      for (int column = first(segment.from.x, segment.to.x); column <= last_column; ++column) {
        const double x = column + 0.5 - segment.from.x;
        const double y = row + 0.5 - segment.from.y;
        const double part = std::clamp((x * along_x + y * along_y) * inverse, 0.0, 1.0);
        const double dx = x - part * along_x;
        const double dy = y - part * along_y;
        const double radius = segment.from_radius + part * (segment.to_radius - segment.from_radius);
        const double depth = 0.5 + (radius - std::sqrt(dx * dx + dy * dy)) / softness;
        double& deepest = ink[static_cast<std::size_t>(row) * kSide + static_cast<std::size_t>(column)];
        deepest = std::max(deepest, depth);
      }
    }
  }
  for (std::size_t i = 0; i < ink.size(); ++i) {
    picture[i] = static_cast<std::uint8_t>(std::lround(std::min(ink[i], 1.0) * 255));
  }
}

}  // namespace drawlab::digits
