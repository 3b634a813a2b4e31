#include "model/drawing.hpp"

#include "drawlab/error.hpp"
#include "drawlab/read_write.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab {

namespace {

struct Vector {
  double x, y;
  double length() const { return std::hypot(x, y); }
  Vector normal() const { return {-y, x}; }
  double operator*(const Vector& other) const { return x * other.x + y * other.y; }
};

/// The side of a window from its centre, as far as finite numbers go.
Vector half_side(float step_x, float step_y, std::int64_t filters) {
  constexpr double kFarthest = 1e6;
  const double half = static_cast<double>(filters - 1) / 2;
  return {std::clamp(half * step_x, -kFarthest, kFarthest), std::clamp(half * step_y, -kFarthest, kFarthest)};
}

}  // namespace

std::vector<WindowBox> boxes_of(const Window& window) {
  const Tape& tape = window.center.tape();
  const std::int64_t rows = window.center.shape().rows();
  const bool turned = window.steps.shape() == Shape{rows, 4};
  if (window.center.shape() != Shape{rows, 2} || window.width.shape() != Shape{rows, 1} || window.filters < 1 ||
      (!turned && window.steps.shape() != Shape{rows, 1})) {
    throw ShapeError("a window has the shapes " + window.center.shape().text() + ", " + window.steps.shape().text() +
                     " and " + window.width.shape().text() + " and " + std::to_string(window.filters) +
                     " filters, need [B, 2], [B, 1] or [B, 4], [B, 1] and 1 filter or more");
  }
  const auto numbers = [&tape](Value value) {
    std::vector<float> result(static_cast<std::size_t>(value.shape().count()));
    tape.read(value, std::span<float>(result));
    return result;
  };
  const std::vector<float> centers = numbers(window.center);
  const std::vector<float> steps = numbers(window.steps);
  const std::vector<float> widths = numbers(window.width);
  std::vector<WindowBox> boxes(static_cast<std::size_t>(rows));
  for (std::size_t b = 0; b < boxes.size(); ++b) {
    const float* const step = &steps[turned ? 4 * b : b];
    boxes[b] = turned ? WindowBox{centers[2 * b], centers[2 * b + 1], step[0], step[1], step[2], step[3], widths[b]}
                      : WindowBox{centers[2 * b], centers[2 * b + 1], *step, 0, 0, *step, widths[b]};
  }
  return boxes;
}

std::array<WindowSide, 2> sides_of(const WindowBox& box, std::int64_t filters) {
  constexpr double kLine = 0.1;  // the sine of the angle below which two sides count as parallel
  const Vector row = half_side(box.row_x, box.row_y, filters);
  const Vector column = half_side(box.column_x, box.column_y, filters);
  const double longer = std::max(row.length(), column.length());
  Vector across{1, 0};
  Vector down{0, 1};
  if (std::abs(row.normal() * column) > kLine * row.length() * column.length()) {
    across = {row.x / row.length(), row.y / row.length()};
    down = {column.x / column.length(), column.y / column.length()};
  } else if (longer > 0) {
    const bool along_row = row.length() == longer;
    const Vector side = along_row ? row : column;
    across = along_row ? Vector{side.x / longer, side.y / longer} : Vector{side.y / longer, -side.x / longer};
    down = across.normal();
  }
  const Vector beside_column = {down.y, -down.x};
  const Vector beside_row = across.normal();
  return {WindowSide{beside_column.x, beside_column.y, std::abs(row * beside_column)},
          WindowSide{beside_row.x, beside_row.y, std::abs(column * beside_row)}};
}

}  // namespace drawlab
