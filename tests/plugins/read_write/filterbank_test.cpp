#include "drawlab/ops.hpp"
#include "drawlab/random.hpp"

#include "filters.hpp"
#include "gradient_check.hpp"
#include "window.hpp"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cmath>
#include <numeric>

// The facts of equations 19 to 29, and the mistakes that public implementations make with them.
namespace drawlab {
namespace {

using tests::every_way;
using tests::filters;
using tests::Filters;
using tests::gaussian;
using tests::ImageSize;
using tests::look_at;
using tests::paint_on;
using tests::Way;
using tests::WindowParameters;

constexpr ImageSize kMnist{28, 28};
constexpr ImageSize kOblong{7, 9};

void expect_row(const std::vector<double>& row, const std::vector<double>& right, double tolerance) {
  ASSERT_EQ(row.size(), right.size());
  for (std::size_t a = 0; a < row.size(); ++a) EXPECT_NEAR(row[a], right[a], tolerance) << "pixel " << a + 1;
}

std::vector<double> one_hot(std::int64_t size, std::int64_t pixel) {
  std::vector<double> row(static_cast<std::size_t>(size));
  row[static_cast<std::size_t>(pixel - 1)] = 1;
  return row;
}

/// Runs a test's body for both forms in both precisions, on every instruction set that the processor has.
template <class Body>
void in_every_way(Body body) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    for (const Way& way : every_way()) {
      SCOPED_TRACE(way.name() + " on " + hwy::TargetName(target));
      hwy::SetSupportedTargetsForTest(target);
      body(way);
      EXPECT_TRUE(way.form == tests::Form::composed || way.precision == Precision::f64 ||
                  hwy::GetChosenTarget().IsInitialized())
          << "no kernel ran";
      hwy::SetSupportedTargetsForTest(0);
    }
  }
}

TEST(Filterbank, ZeroOutputsCenterTheGridAndSpanTheImage) {
  in_every_way([](const Way& way) {
    const Filters f = filters(way, {}, 5, kMnist);
    EXPECT_NEAR(f.center_x, 14.5, way.tolerance());
    EXPECT_NEAR(f.center_y, 14.5, way.tolerance());
    EXPECT_NEAR(f.delta, 27.0 / 4, way.tolerance());
    EXPECT_NEAR(f.sigma, 1, way.tolerance());
  });
}

TEST(Filterbank, TwoFiltersOfAZeroWindowStandOnTheFirstAndLastPixel) {
  in_every_way([](const Way& way) {
    const Filters f = filters(way, {}, 2, kMnist);
    for (const auto& axis : {f.f_x, f.f_y}) {
      expect_row(axis[0], gaussian(1, 1, 28), way.tolerance());
      expect_row(axis[1], gaussian(28, 1, 28), way.tolerance());
    }
  });
}

TEST(Filterbank, GridIsNotShiftedByOneStrideNorByOnePixel) {
  in_every_way([](const Way& way) {
    const Filters f = filters(way, {.log_variance = -8}, 5, {5, 5});  // the stride is one pixel, filters are sharp
    for (std::size_t i = 0; i < 5; ++i) {
      expect_row(f.f_x[i], one_hot(5, static_cast<std::int64_t>(i) + 1), way.tolerance());
      expect_row(f.f_y[i], one_hot(5, static_cast<std::int64_t>(i) + 1), way.tolerance());
    }
  });
}

TEST(Filterbank, CentersOutputsOfOneOnTheEdgeBeyondTheLastPixel) {
  in_every_way([](const Way& way) {  // equation 22: g_X = (A + 1)/2·(1 + 1) = A + 1, and 0 for −1
    const Filters f = filters(way, {.center_x = 1, .center_y = -1}, 3, kOblong);
    EXPECT_NEAR(f.center_x, 10, way.tolerance());
    EXPECT_NEAR(f.center_y, 0, way.tolerance());
  });
}

TEST(Filterbank, OneFilterStandsOnTheCenterWhateverTheStride) {
  in_every_way([](const Way& way) {
    for (const double log_stride : {-3.0, 0.0, 3.0}) {
      const Filters f = filters(way, {.center_x = 0.25, .log_variance = 1, .log_stride = log_stride}, 1, kOblong);
      expect_row(f.f_x[0], gaussian(6.25, std::exp(1.0), 9), way.tolerance());
      expect_row(f.f_y[0], gaussian(4, std::exp(1.0), 7), way.tolerance());
    }
    const auto looked = look_at(way, {.center_x = 0.25}, 1, {2, 2}, {1, 2, 3, 4});
    EXPECT_EQ(looked.d_parameters[3], 0);
    EXPECT_NE(looked.d_parameters[0], 0);
  });
}

TEST(Filterbank, RowsSumToOne) {
  in_every_way([](const Way& way) {
    Random random(1, Purpose::data);
    for (int trial = 0; trial < 50; ++trial) {
      const WindowParameters window{random.uniform(-2, 2), random.uniform(-2, 2), random.uniform(-4, 4),
                                    random.uniform(-2, 1), 0};
      const Filters f = filters(way, window, 1 + static_cast<std::int64_t>(random.below(6)), kOblong);
      for (const auto& axis : {f.f_x, f.f_y}) {
        for (const auto& row : axis) EXPECT_NEAR(std::accumulate(row.begin(), row.end(), 0.0), 1, way.tolerance());
      }
    }
  });
}

TEST(Filterbank, ThirdOutputIsTheLogarithmOfTheVarianceNotOfTheDeviation) {
  in_every_way([](const Way& way) {
    const Filters f = filters(way, {.log_variance = std::log(4.0)}, 1, {9, 9});
    EXPECT_NEAR(f.sigma, 2, way.tolerance());
    EXPECT_NEAR(f.f_x[0][6] / f.f_x[0][4], std::exp(-0.5), way.tolerance());  // two pixels away, one deviation
  });
}

TEST(Filterbank, ExponentIsSquaredOnceWithTwiceTheVarianceOutside) {
  in_every_way([](const Way& way) {
    const Filters f = filters(way, {.log_variance = std::log(4.0)}, 1, {9, 9});
    EXPECT_NEAR(f.f_x[0][5] / f.f_x[0][4], std::exp(-1.0 / 8), way.tolerance());
    EXPECT_NEAR(f.f_x[0][8] / f.f_x[0][4], std::exp(-16.0 / 8), way.tolerance());
  });
}

TEST(Filterbank, VerticalFiltersAreMadeOfTheVerticalCenter) {
  in_every_way([](const Way& way) {
    const Filters f = filters(way, {.center_x = 0.5, .center_y = -0.5, .log_stride = -1}, 3, kOblong);
    const double delta = 8.0 / 2 * std::exp(-1.0);
    for (std::size_t i = 0; i < 3; ++i) {
      const double step = (static_cast<double>(i) - 1) * delta;
      expect_row(f.f_x[i], gaussian(7.5 + step, 1, 9), way.tolerance());
      expect_row(f.f_y[i], gaussian(2 + step, 1, 7), way.tolerance());
    }
  });
}

TEST(Filterbank, StrideGrowsWithItsOutput) {
  in_every_way([](const Way& way) {
    EXPECT_NEAR(filters(way, {.log_stride = std::log(2.0)}, 3, {9, 9}).delta, 8, 10 * way.tolerance());
    const Filters half = filters(way, {.log_variance = -8, .log_stride = -std::log(2.0)}, 3, {9, 9});
    EXPECT_NEAR(half.delta, 2, way.tolerance());
    for (std::size_t i = 0; i < 3; ++i) {
      expect_row(half.f_x[i], one_hot(9, 3 + 2 * static_cast<std::int64_t>(i)), way.tolerance());
    }
  });
}

TEST(Filterbank, StrideIsMeasuredByTheLongerSide) {
  in_every_way([](const Way& way) {
    EXPECT_NEAR(filters(way, {}, 3, kOblong).delta, 4, way.tolerance());
    EXPECT_NEAR(filters(way, {}, 3, {9, 7}).delta, 4, way.tolerance());
  });
}

TEST(Filterbank, NormalizerIsPartOfTheGradient) {
  // A flat image reads 1 everywhere whatever the window; without the normaliser's gradient it would not.
  in_every_way([](const Way& way) {
    const auto looked = look_at(way, {0.3, -0.2, 0.5, -0.4, 0}, 3, kOblong, std::vector<double>(63, 1.0));
    for (const double number : looked.patch) EXPECT_NEAR(number, 1, way.tolerance());
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(looked.d_parameters[i], 0, 50 * way.tolerance()) << i;
    EXPECT_NEAR(looked.d_parameters[4], 45, 50 * way.tolerance());
  });
}

TEST(Filterbank, ReadsRowsByTheVerticalAndColumnsByTheHorizontalFilters) {
  in_every_way([](const Way& way) {
    std::vector<double> pixels(25);
    std::iota(pixels.begin(), pixels.end(), 0.0);
    const auto looked = look_at(way, {.log_variance = -8}, 5, {5, 5}, pixels);
    expect_row(looked.patch, pixels, 30 * way.tolerance());
  });
}

TEST(Filterbank, WritesTheTransposeOfWhatItReads) {
  in_every_way([](const Way& way) {
    std::vector<double> patch(25);
    std::iota(patch.begin(), patch.end(), 0.0);
    expect_row(paint_on(way, {.log_variance = -8}, 5, {5, 5}, patch).patch, patch, 30 * way.tolerance());
    // ⟨w, read(x)⟩ = ⟨write(w), x⟩ at intensity 1
    const WindowParameters window{0.2, -0.3, 0.4, -0.2, 0};
    const auto x = tests::random_array({63}, 1).numbers;
    const auto w = tests::random_array({9}, 2).numbers;
    const auto read = look_at(way, window, 3, kOblong, x).patch;
    const auto written = paint_on(way, window, 3, kOblong, w).patch;
    EXPECT_NEAR(std::inner_product(w.begin(), w.end(), read.begin(), 0.0),
                std::inner_product(x.begin(), x.end(), written.begin(), 0.0), way.tolerance());
  });
}

TEST(Filterbank, IntensityMultipliesWhatIsReadAndDividesWhatIsWritten) {
  in_every_way([](const Way& way) {
    const auto x = tests::random_array({63}, 1).numbers;
    const auto w = tests::random_array({4}, 2).numbers;
    const auto read = look_at(way, {}, 2, kOblong, x).patch;
    const auto stronger = look_at(way, {.log_intensity = std::log(3.0)}, 2, kOblong, x).patch;
    for (std::size_t i = 0; i < read.size(); ++i) EXPECT_NEAR(stronger[i], 3 * read[i], 3 * way.tolerance());
    const auto written = paint_on(way, {}, 2, kOblong, w).patch;
    const auto weaker = paint_on(way, {.log_intensity = std::log(3.0)}, 2, kOblong, w).patch;
    for (std::size_t i = 0; i < written.size(); ++i) EXPECT_NEAR(weaker[i], written[i] / 3, way.tolerance());
  });
}

TEST(Filterbank, HasTheGradientsOfItsFormula) {
  for (const std::int64_t count : {1, 2, 5}) {
    SCOPED_TRACE(count);
    const auto function = [count](Tape&, tests::Values in) {
      const GaussianFilters f = gaussian_filters(in[0], count, 7, 9);
      return concat(std::vector<Value>{f.center_x, f.center_y, f.delta, f.sigma, f.gamma, f.f_x, f.f_y});
    };
    tests::expect_gradient(function, {tests::random_array({2, 5}, 7, -0.7, 0.7)});
  }
}

}  // namespace
}  // namespace drawlab
