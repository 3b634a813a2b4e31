#include "sampling.hpp"

#include "drawlab/custom_op.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace drawlab {

namespace {

constexpr double kLargest = 100;
constexpr std::array<double, 6> kIdentity = {1, 0, 0, 0, 1, 0};

/// The middle of part `i` of `count` equal parts of −1…1.
double middle(std::int64_t i, std::int64_t count) {
  return (2 * static_cast<double>(i) + 1) / static_cast<double>(count) - 1;
}

/// One coordinate of the mapped points of a rows×columns grid, row by row; [B,rows·columns].
Value mapped(Value along_x, Value along_y, Value shift, std::int64_t rows, std::int64_t columns) {
  std::vector<double> x;
  std::vector<double> y;
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      x.push_back(middle(j, columns));
      y.push_back(middle(i, rows));
    }
  }
  return add_column(outer(along_x, x) + outer(along_y, y), shift);
}

/// max(0, 1 − |p − a|), each pixel's share of a point at p, which −1…1 spreads over pixels 1…size;
/// [B,P] -> [B,P,size].
Value shares(Value points, std::int64_t size) {
  const double half = static_cast<double>(size) / 2;
  const Value distance = pixel_distances(affine(points, half, half + 0.5), size);
  const Value magnitude = relu(distance) + relu(affine(distance, -1, 0));
  return relu(affine(magnitude, -1, 1));
}

/// A place between two neighbouring pixels of an axis, with pixels counted from 0.
template <class T>
struct Between {
  std::int64_t first;  // the lower pixel; it or the next one may be outside
  T fraction;          // of the way to the next

  explicit Between(T place) : first(static_cast<std::int64_t>(place)) {
    if (place < static_cast<T>(first)) --first;  // without SSE4.1 std::floor is a call
    fraction = place - static_cast<T>(first);
  }
  /// Whether one of the two is a pixel of an axis of that size.
  bool touches(std::int64_t size) const { return first >= -1 && first < size; }
};

struct SampleOp {
  std::int64_t batch, channels, height, width, rows, columns;

  std::array<Shape, 1> shapes() const { return {Shape{batch, channels * rows * columns}}; }

  /// Calls see(b, point, x, y, u, v) for every point that sees a pixel: its place on the image, and before the map.
  template <class T, class See>
  void for_each_point(std::span<const T> maps, See see) const {
    const T half_width = static_cast<T>(width) / 2;
    const T half_height = static_cast<T>(height) / 2;
    for (std::int64_t b = 0; b < batch; ++b) {
      const T* const m = maps.data() + 6 * b;
      for (std::int64_t i = 0; i < rows; ++i) {
        const auto v = static_cast<T>(middle(i, rows));
        const T row_x = (m[1] * v + m[2] + 1) * half_width - T(0.5);
        const T row_y = (m[4] * v + m[5] + 1) * half_height - T(0.5);
        for (std::int64_t j = 0; j < columns; ++j) {
          const T u = static_cast<T>(2 * j + 1) / static_cast<T>(columns) - 1;
          const Between<T> x(m[0] * u * half_width + row_x);
          const Between<T> y(m[3] * u * half_height + row_y);
          if (x.touches(width) && y.touches(height)) see(b, i * columns + j, x, y, u, v);
        }
      }
    }
  }

  /// Calls use(pixel, weight, d weight/d x, d weight/d y) for the pixels around a point, distances in pixels.
  template <class T, class Use>
  void for_each_pixel(const Between<T>& x, const Between<T>& y, Use use) const {
    for (std::int64_t down = 0; down < 2; ++down) {
      const std::int64_t row = y.first + down;
      if (row < 0 || row >= height) continue;
      const T by_row = down == 0 ? 1 - y.fraction : y.fraction;
      for (std::int64_t right = 0; right < 2; ++right) {
        const std::int64_t column = x.first + right;
        if (column < 0 || column >= width) continue;
        const T by_column = right == 0 ? 1 - x.fraction : x.fraction;
        use(row * width + column, by_row * by_column, right == 0 ? -by_row : by_row,
            down == 0 ? -by_column : by_column);
      }
    }
  }

  template <class T>
  void forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const {
    const std::int64_t points = rows * columns;
    const std::int64_t pixels = height * width;
    std::fill(out[0].begin(), out[0].end(), T(0));
    for_each_point<T>(in[0], [&](std::int64_t b, std::int64_t point, const Between<T>& x, const Between<T>& y, T, T) {
      for_each_pixel<T>(x, y, [&](std::int64_t pixel, T weight, T, T) {
        for (std::int64_t c = b * channels; c < (b + 1) * channels; ++c) {
          out[0][static_cast<std::size_t>(c * points + point)] +=
              weight * in[1][static_cast<std::size_t>(c * pixels + pixel)];
        }
      });
    });
  }

  template <class T>
  void backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>>,
                std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const {
    const std::int64_t points = rows * columns;
    const std::int64_t pixels = height * width;
    for_each_point<T>(in[0],
                      [&](std::int64_t b, std::int64_t point, const Between<T>& x, const Between<T>& y, T u, T v) {
                        T d_x = 0;
                        T d_y = 0;
                        for_each_pixel<T>(x, y, [&](std::int64_t pixel, T weight, T weight_by_x, T weight_by_y) {
                          for (std::int64_t c = b * channels; c < (b + 1) * channels; ++c) {
                            const T d = d_out[0][static_cast<std::size_t>(c * points + point)];
                            const auto at = static_cast<std::size_t>(c * pixels + pixel);
                            if (!d_in[1].empty()) d_in[1][at] += weight * d;
                            d_x += weight_by_x * in[1][at] * d;
                            d_y += weight_by_y * in[1][at] * d;
                          }
                        });
                        if (d_in[0].empty()) return;
                        d_x *= static_cast<T>(width) / 2;
                        d_y *= static_cast<T>(height) / 2;
                        T* const d_map = d_in[0].data() + 6 * b;
                        const std::array<T, 6> d_numbers = {d_x * u, d_x * v, d_x, d_y * u, d_y * v, d_y};
                        for (std::size_t k = 0; k < d_numbers.size(); ++k) d_map[k] += d_numbers[k];
                      });
  }
};

Value composed_sample(Value image, const AffineMap& map, std::int64_t rows, std::int64_t columns) {
  const Shape& shape = image.shape();
  const std::int64_t points = rows * columns;
  const Value share_x = shares(mapped(map.a, map.b, map.s, rows, columns), shape[3]);
  const Value share_y = shares(mapped(map.c, map.d, map.t, rows, columns), shape[2]);
  const Value lines = matmul(share_x, image, Transpose::no, Transpose::yes);  // [B,C,P,H]
  const std::vector<Value> each_channel(static_cast<std::size_t>(shape[1]), share_y);
  const Value weighted = reshape(lines, {shape[0], shape[1] * points * shape[2]}) * concat(each_channel);
  const Value sums = sum_rows(reshape(weighted, {shape[0] * shape[1] * points, shape[2]}));
  return reshape(sums, {shape[0], shape[1] * points});
}

}  // namespace

AffineMap::AffineMap(Value map)
    : numbers(map),
      a(slice(map, 0, 1)),
      b(slice(map, 1, 1)),
      s(slice(map, 2, 1)),
      c(slice(map, 3, 1)),
      d(slice(map, 4, 1)),
      t(slice(map, 5, 1)) {}

AffineMap map_of(Value parameters) {
  const Value one = parameters.tape().constant({parameters.shape().rows(), 1}, 1);
  return AffineMap(clamp(parameters, -kLargest, kLargest) + outer(one, kIdentity));
}

Value sample(Value image, const AffineMap& map, std::int64_t rows, std::int64_t columns) {
  const Shape& shape = image.shape();
  const SampleOp op{shape[0], shape[1], shape[2], shape[3], rows, columns};
  return custom_op(op,
                   [&](std::span<const Value> in) { return composed_sample(in[1], AffineMap(in[0]), rows, columns); },
                   {map.numbers, image});
}

}  // namespace drawlab
