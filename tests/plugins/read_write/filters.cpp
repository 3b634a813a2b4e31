#include "filters.hpp"

#include "drawlab/ops.hpp"

#include "fused.hpp"
#include "window.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace drawlab::tests {

namespace {

std::vector<double> read(Tape& tape, Value value) {
  std::vector<double> numbers(static_cast<std::size_t>(value.shape().count()));
  tape.read(value, std::span<double>(numbers));
  return numbers;
}

std::vector<std::vector<double>> rows(const std::vector<double>& numbers, std::int64_t count) {
  const auto n = static_cast<std::ptrdiff_t>(numbers.size()) / count;
  std::vector<std::vector<double>> result;
  for (std::int64_t i = 0; i < count; ++i) result.emplace_back(numbers.begin() + i * n, numbers.begin() + (i + 1) * n);
  return result;
}

/// Runs f(tape, parameters) and walks back from Σ i·y_i.
template <class F>
Looked walk(const Way& way, const WindowParameters& window, F f) {
  const ParameterStore none;
  Tape tape(none, way.precision);
  const Value parameters = tape.input({1, 5}, std::span<const double>(window.numbers()), true);
  const Value y = f(tape, parameters);
  Looked result{read(tape, y), std::vector<double>(5)};
  std::vector<float> weights(result.patch.size());
  std::iota(weights.begin(), weights.end(), 1.0F);
  const Value loss = weighted_sum(reshape(y, {y.shape().count(), 1}), weights);
  tape.visit([&]<class T>(T) { tape.backward(loss, std::span<T>()); });
  tape.read_gradient(parameters, result.d_parameters);
  return result;
}

}  // namespace

std::string Way::name() const {
  return std::string(form == Form::composed ? "composed" : "fused") + (precision == Precision::f32 ? " f32" : " f64");
}

std::array<Way, 4> every_way() {
  return {Way{Form::composed, Precision::f64}, Way{Form::fused, Precision::f64}, Way{Form::composed, Precision::f32},
          Way{Form::fused, Precision::f32}};
}

Filters filters(const Way& way, const WindowParameters& window, std::int64_t count, const ImageSize& image) {
  const ParameterStore none;
  Tape tape(none, way.precision);
  const Value parameters = tape.input({1, 5}, std::span<const double>(window.numbers()));
  if (way.form == Form::composed) {
    const GaussianFilters made = gaussian_filters(parameters, count, image.height, image.width);
    return {tape.number(made.center_x), tape.number(made.center_y),        tape.number(made.delta),
            tape.number(made.sigma),    rows(read(tape, made.f_x), count), rows(read(tape, made.f_y), count)};
  }
  // An image whose column a is 1 reads as F_X[j,a], since the rows of F_Y sum to 1; one whose row b is 1 as F_Y[i,b].
  const std::int64_t batch = image.width + image.height;
  const Value same = repeat_rows(reshape(parameters, {5}), batch);
  std::vector<double> pixels(static_cast<std::size_t>(batch * image.height * image.width));
  for (std::int64_t b = 0; b < image.height; ++b) {
    for (std::int64_t a = 0; a < image.width; ++a) {
      pixels[static_cast<std::size_t>((a * image.height + b) * image.width + a)] = 1;
      pixels[static_cast<std::size_t>(((image.width + b) * image.height + b) * image.width + a)] = 1;
    }
  }
  const Value x = tape.input({batch, 1, image.height, image.width}, std::span<const double>(pixels));
  const ReadResult result = gaussian_read(same, std::span(&x, 1), count);
  const std::vector<double> center = read(tape, result.window->center);
  const std::vector<double> patches = read(tape, result.patch);
  Filters made{center[0], center[1], read(tape, result.window->steps)[0], read(tape, result.window->width)[0], {}, {}};
  for (std::int64_t i = 0; i < count; ++i) {
    const auto patch_of = [&](std::int64_t sample) { return patches.begin() + sample * count * count; };
    made.f_x.emplace_back();
    made.f_y.emplace_back();
    for (std::int64_t a = 0; a < image.width; ++a) made.f_x.back().push_back(patch_of(a)[i]);
    for (std::int64_t b = 0; b < image.height; ++b) made.f_y.back().push_back(patch_of(image.width + b)[i * count]);
  }
  return made;
}

Looked look_at(const Way& way, const WindowParameters& window, std::int64_t count, const ImageSize& image,
               const std::vector<double>& pixels) {
  return walk(way, window, [&](Tape& tape, Value parameters) {
    const Value x = tape.input({1, 1, image.height, image.width}, std::span<const double>(pixels));
    if (way.form == Form::fused) return gaussian_read(parameters, std::span(&x, 1), count).patch;
    const GaussianFilters made = gaussian_filters(parameters, count, image.height, image.width);
    return mul_column(reshape(look(made, x), {1, count * count}), made.gamma);
  });
}

Looked paint_on(const Way& way, const WindowParameters& window, std::int64_t count, const ImageSize& image,
                const std::vector<double>& patch) {
  return walk(way, window, [&](Tape& tape, Value parameters) {
    const Value w = tape.input({1, count * count}, std::span<const double>(patch));
    if (way.form == Form::fused) {
      return gaussian_write(parameters, w, {1, image.height, image.width}, count).update;
    }
    const GaussianFilters made = gaussian_filters(parameters, count, image.height, image.width);
    return mul_column(paint(made, reshape(w, {1, 1, count, count})), div(tape.constant({1, 1}, 1), made.gamma));
  });
}

std::vector<double> gaussian(double mean, double variance, std::int64_t size) {
  std::vector<double> row;
  for (std::int64_t a = 1; a <= size; ++a) {
    const double distance = static_cast<double>(a) - mean;
    row.push_back(std::exp(-distance * distance / (2 * variance)));
  }
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  for (double& number : row) number /= sum;
  return row;
}

}  // namespace drawlab::tests
