#pragma once

#include "drawlab/tape.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace drawlab::tests {

/// The two ways in which the filters of `gaussian` are computed.
enum class Form { composed, fused };

/// Which form, in which precision; what every test of the filters runs over.
struct Way {
  Form form;
  Precision precision;
  std::string name() const;
  /// How near to the formula its numbers have to be.
  double tolerance() const { return precision == Precision::f64 ? 1e-12 : 2e-5; }
};
std::array<Way, 4> every_way();

/// The outputs of the window's linear layer, in the order of equation 21.
struct WindowParameters {
  double center_x = 0;
  double center_y = 0;
  double log_variance = 0;
  double log_stride = 0;
  double log_intensity = 0;
  std::vector<double> numbers() const { return {center_x, center_y, log_variance, log_stride, log_intensity}; }
};

struct ImageSize {
  std::int64_t height;
  std::int64_t width;
};

/// Filters of one sample as numbers.
struct Filters {
  double center_x, center_y, delta, sigma;
  std::vector<std::vector<double>> f_x;  // N rows of width
  std::vector<std::vector<double>> f_y;  // N rows of height
};
Filters filters(const Way& way, const WindowParameters& window, std::int64_t count, const ImageSize& image);

/// read of one plane, [N·N] (equation 27); d_parameters: the gradient of Σ weights·patch with weights 1, 2, 3, ….
struct Looked {
  std::vector<double> patch;
  std::vector<double> d_parameters;
};
Looked look_at(const Way& way, const WindowParameters& window, std::int64_t count, const ImageSize& image,
               const std::vector<double>& pixels);
/// write of one plane (equation 29): pixels [H·W], and the gradient of the parameters as above.
Looked paint_on(const Way& way, const WindowParameters& window, std::int64_t count, const ImageSize& image,
                const std::vector<double>& patch);

/// exp(−(a − mean)²/(2·variance))/Z for a = 1…size (equation 25), summed in plain arithmetic.
std::vector<double> gaussian(double mean, double variance, std::int64_t size);

}  // namespace drawlab::tests
