#include "window.hpp"

#include "limits.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace drawlab {

namespace {

/// exp(−(a − mu_i)²/(2 sigma²))/Z for all filters of one axis; [B,N,size].
Value filters_of(Value center, Value delta, Value minus_half_precision, std::span<const double> steps,
                 std::int64_t size) {
  const Value distance = pixel_distances(add_column(outer(delta, steps), center), size);
  return softmax(mul_column(distance * distance, minus_half_precision));
}

std::array<Value, 4> with_window(Value result, const GaussianFilters& filters) {
  return {result, concat(std::array{filters.center_x, filters.center_y}), filters.delta, filters.sigma};
}

}  // namespace

GaussianFilters gaussian_filters(Value parameters, std::int64_t size, std::int64_t height, std::int64_t width) {
  const auto extent = static_cast<double>(std::max(height, width) - 1);
  const double stride = size > 1 ? extent / static_cast<double>(size - 1) : extent;  // of delta~ = 1 (equation 24)
  const double half_width = (static_cast<double>(width) + 1) / 2;
  const double half_height = (static_cast<double>(height) + 1) / 2;
  const auto held = [parameters](std::int64_t index, double limit) {
    return clamp(slice(parameters, index, 1), -limit, limit);
  };
  const Value log_variance = held(2, kMaxLogVariance);

  GaussianFilters filters;
  filters.center_x = affine(held(0, kMaxCenter), half_width, half_width);    // equation 22
  filters.center_y = affine(held(1, kMaxCenter), half_height, half_height);  // equation 23
  filters.delta = affine(exp(held(3, kMaxLogStride)), stride, 0);
  filters.sigma = exp(affine(log_variance, 0.5, 0));
  filters.gamma = exp(held(4, kMaxLogIntensity));
  const Value minus_half_precision = affine(exp(affine(log_variance, -1, 0)), -0.5, 0);
  std::array<double, kMaxFilters> room{};  // i − N/2 − ½ for i = 1…N (equations 19 and 20)
  const auto steps = std::span(room).first(static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    steps[i] = static_cast<double>(i + 1) - static_cast<double>(size) / 2 - 0.5;
  }
  filters.f_x = filters_of(filters.center_x, filters.delta, minus_half_precision, steps, width);
  filters.f_y = filters_of(filters.center_y, filters.delta, minus_half_precision, steps, height);
  return filters;
}

Value look(const GaussianFilters& filters, Value image) {
  return matmul(matmul(filters.f_y, image), filters.f_x, Transpose::no, Transpose::yes);
}

Value paint(const GaussianFilters& filters, Value patch) {
  return matmul(matmul(filters.f_y, patch, Transpose::yes, Transpose::no), filters.f_x);
}

std::array<Value, 4> composed_read(std::span<const Value> in, std::int64_t size) {
  const Shape& image = in[1].shape();
  const GaussianFilters filters = gaussian_filters(in[0], size, image[2], image[3]);
  std::array<Value, 2> patches;
  const auto images = in.subspan(1);
  std::ranges::transform(images, patches.begin(), [&](Value x) { return look(filters, x); });
  return with_window(mul_column(concat(std::span(patches).first(images.size())), filters.gamma), filters);
}

std::array<Value, 4> composed_write(std::span<const Value> in, const ImageShape& image, std::int64_t size) {
  const std::int64_t rows = in[0].shape().rows();
  const GaussianFilters filters = gaussian_filters(in[0], size, image.height, image.width);
  const Value patch = reshape(in[1], {rows, image.channels, size, size});
  const Value one = patch.tape().constant({rows, 1}, 1);
  return with_window(mul_column(paint(filters, patch), div(one, filters.gamma)), filters);
}

}  // namespace drawlab
