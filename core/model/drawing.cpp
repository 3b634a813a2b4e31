#include "model/drawing.hpp"

#include "drawlab/error.hpp"
#include "drawlab/read_write.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <string>

namespace drawlab {

std::vector<WindowBox> boxes_of(const Window& window) {
  const std::int64_t rows = window.center.shape().rows();
  const bool turned = window.steps.shape() == Shape{rows, 4};
  if (window.center.shape() != Shape{rows, 2} || window.width.shape() != Shape{rows, 1} || window.filters < 1 ||
      (!turned && window.steps.shape() != Shape{rows, 1})) {
    throw ShapeError("a window has the shapes " + window.center.shape().text() + ", " + window.steps.shape().text() +
                     " and " + window.width.shape().text() + " and " + std::to_string(window.filters) +
                     " filters, need [B, 2], [B, 1] or [B, 4], [B, 1] and 1 filter or more");
  }
  const auto numbers = [](Value value) {
    std::vector<float> result(static_cast<std::size_t>(value.shape().count()));
    value.tape().read(value, std::span<float>(result));
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
  using Vector = std::complex<double>;  // x + iy: a product with i is a quarter turn
  constexpr Vector kTurn(0, 1);
  static constexpr double kFarthest = 1e6;
  constexpr double kLine = 0.1;  // the sine of the angle below which two sides count as parallel
  const auto half = [filters](float step) {
    return std::clamp(static_cast<double>(filters - 1) / 2 * step, -kFarthest, kFarthest);
  };
  const Vector row(half(box.row_x), half(box.row_y));
  const Vector column(half(box.column_x), half(box.column_y));
  const double longer = std::max(std::abs(row), std::abs(column));
  Vector across = 1;
  Vector down = kTurn;
  if (std::abs((std::conj(row) * column).imag()) > kLine * std::abs(row) * std::abs(column)) {
    across = row / std::abs(row);
    down = column / std::abs(column);
  } else if (longer > 0) {
    across = std::abs(row) == longer ? row / longer : -kTurn * column / longer;
    down = kTurn * across;
  }
  const auto side = [&](Vector along, Vector from_center) {
    const Vector normal = -kTurn * along;
    return WindowSide{normal.real(), normal.imag(), std::abs((std::conj(normal) * from_center).real())};
  };
  return {side(down, row), side(across, column)};
}

}  // namespace drawlab
