#include "filters.hpp"
#include "gradient_check.hpp"
#include "limits.hpp"

#include <gtest/gtest.h>

#include <cmath>

// Windows far off the image, as wide or as sharp as the limits allow, and beyond them.
namespace drawlab {
namespace {

using tests::every_way;
using tests::filters;
using tests::ImageSize;
using tests::Way;
using tests::WindowParameters;

constexpr ImageSize kImage{7, 9};
constexpr double kHuge = 1e30;

/// Every combination of the five outputs below, at and beyond their limits.
std::vector<WindowParameters> extreme_windows() {
  const std::vector<double> centers = {-kHuge, -kMaxCenter, 0.1, 3, kMaxCenter, kHuge};
  const auto around = [](double limit) { return std::vector<double>{-kHuge, -limit, 0, limit, kHuge}; };
  std::vector<WindowParameters> windows;
  for (const double x : centers) {
    for (const double variance : around(kMaxLogVariance)) {
      for (const double stride : around(kMaxLogStride)) {
        for (const double intensity : around(kMaxLogIntensity)) {
          windows.push_back({x, -x / 2, variance, stride, intensity});
        }
      }
    }
  }
  return windows;
}

void expect_finite(const std::vector<double>& numbers, const WindowParameters& window, const char* what) {
  for (const double number : numbers) {
    ASSERT_TRUE(std::isfinite(number)) << what << " of (" << window.center_x << ", " << window.center_y << ", "
                                       << window.log_variance << ", " << window.log_stride << ", "
                                       << window.log_intensity << ")";
  }
}

TEST(FarAwayWindow, HasFiniteValuesAndGradients) {
  const auto pixels = tests::random_array({63}, 1, 0, 1).numbers;
  for (const Way& way : every_way()) {
    SCOPED_TRACE(way.name());
    for (const std::int64_t count : {1, 2, 3}) {
      const auto patch = tests::random_array({count * count}, 2).numbers;
      for (const WindowParameters& window : extreme_windows()) {
        const auto read = tests::look_at(way, window, count, kImage, pixels);
        expect_finite(read.patch, window, "the patch read");
        expect_finite(read.d_parameters, window, "the gradient of reading");
        const auto written = tests::paint_on(way, window, count, kImage, patch);
        expect_finite(written.patch, window, "the update written");
        expect_finite(written.d_parameters, window, "the gradient of writing");
      }
    }
  }
}

TEST(FarAwayWindow, HasNoGradientBeyondItsLimits) {
  for (const Way& way : every_way()) {
    SCOPED_TRACE(way.name());
    const auto pixels = tests::random_array({63}, 1, 0, 1).numbers;
    const WindowParameters beyond{2 * kMaxCenter, -2 * kMaxCenter, 2 * kMaxLogVariance, 2 * kMaxLogStride,
                                  -2 * kMaxLogIntensity};
    EXPECT_EQ(tests::look_at(way, beyond, 2, kImage, pixels).d_parameters, (std::vector<double>(5, 0.0)));
    const auto at_limit = tests::look_at(way, {0, 0, 0, 0, -kMaxLogIntensity}, 2, kImage, pixels).patch;
    const auto past_it = tests::look_at(way, {0, 0, 0, 0, -2 * kMaxLogIntensity}, 2, kImage, pixels).patch;
    EXPECT_EQ(at_limit, past_it);
  }
}

TEST(FarAwayWindow, LooksAtTheNearestEdgePixel) {
  for (const Way& way : every_way()) {
    SCOPED_TRACE(way.name());
    for (const double center : {20.0, 100.0, kMaxCenter}) {
      const auto right = filters(way, {.center_x = center, .center_y = -center}, 2, kImage);
      for (const auto& row : right.f_x) {
        EXPECT_NEAR(row.back(), 1, way.tolerance());
        EXPECT_NEAR(row.front(), 0, way.tolerance());
      }
      for (const auto& row : right.f_y) {
        EXPECT_NEAR(row.front(), 1, way.tolerance());
        EXPECT_NEAR(row.back(), 0, way.tolerance());
      }
    }
  }
}

TEST(FarAwayWindow, IsTheLimitOfTheFormulaWhereThatStillCanBeRepresented) {
  for (const Way& way : every_way()) {
    SCOPED_TRACE(way.name());
    const auto made = filters(way, {.center_x = 3, .log_variance = 2}, 1, kImage);  // 11 pixels beyond the edge
    const auto right = tests::gaussian(20, std::exp(2.0), 9);
    for (std::size_t a = 0; a < 9; ++a) EXPECT_NEAR(made.f_x[0][a], right[a], way.tolerance());
  }
}

TEST(FarAwayWindow, AsWideAsItsLimitSeesEveryPixelAlike) {
  for (const Way& way : every_way()) {
    SCOPED_TRACE(way.name());
    const auto made = filters(way, {.log_variance = kMaxLogVariance}, 2, kImage);
    for (const auto& row : made.f_x) {
      for (const double share : row) EXPECT_NEAR(share, 1.0 / 9, 1e-6);
    }
  }
}

}  // namespace
}  // namespace drawlab
