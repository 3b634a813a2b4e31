#include "drawlab/ops.hpp"

#include "gradient_check.hpp"
#include "host/plugin_host.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

// What cauchy, foveated and spatial_transformer see and write, in pictures small enough to count by hand. Gradients,
// precisions and the rest are the conformance checks' (tests/conformance).
namespace drawlab {
namespace {

using tests::Array;
using tests::array;
using tests::random_array;

constexpr std::int64_t kState = 1;

std::unique_ptr<PluginOptions> sized(std::unique_ptr<PluginOptions> options, int size) {
  ConfigNode map = ConfigNode::map();
  map.set("size", ConfigNode::integer(size));
  options->table().parse(map);
  return options;
}

/// Sets a layer's weights to 0 and its bias to `numbers`, so that the state steers nothing.
void fix(ParameterStore& store, const std::string& layer, const std::vector<float>& numbers) {
  for (std::size_t i = 0; i < store.count(); ++i) {
    if (store.name(i) == layer + ".weight") std::ranges::fill(store.values_of(store.at(i)), 0.0F);
    if (store.name(i) == layer + ".bias") std::ranges::copy(numbers, store.values_of(store.at(i)).begin());
  }
}

/// Centre, steps and width of a window, one after the other.
std::vector<double> numbers_of(const Window& window) {
  std::vector<double> numbers;
  for (const Value& value : {window.center, window.steps, window.width}) {
    std::vector<double> more(static_cast<std::size_t>(value.shape().count()));
    value.tape().read(value, std::span<double>(more));
    numbers.insert(numbers.end(), more.begin(), more.end());
  }
  return numbers;
}

/// What a mode reads from one image, its layer giving `numbers`; the window that it shows goes to `window`.
std::vector<double> patch_of(const std::string& plugin, int size, const std::string& layer,
                             const std::vector<float>& numbers, const Array& image,
                             std::vector<double>* window = nullptr) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  ParameterStore store;
  const ReadWritePlugin& opened = host.read_write(plugin);
  const ImageShape shape{image.shape[1], image.shape[2], image.shape[3]};
  const auto mode =
      opened.make_read(*sized(opened.read_options(), size), {ParameterScope(store, "read"), shape, kState, 1});
  fix(store, "read." + layer, numbers);
  (void)store.doubles();
  Tape tape(store, Precision::f64);
  const Value x = tape.input(image.shape, std::span<const double>(image.numbers));
  const auto [patch, shown] = mode->read(std::span(&x, 1), tape.constant({1, kState}, 0));
  if (window != nullptr) *window = numbers_of(*shown);
  std::vector<double> seen(static_cast<std::size_t>(patch.shape().count()));
  tape.read(patch, std::span<double>(seen));
  return seen;
}

/// What a mode writes onto one image, its layer giving `numbers` and its patch `strokes`; the window that it shows goes
/// to `window`.
std::vector<double> update_of(const std::string& plugin, int size, const std::string& layer,
                              const std::vector<float>& numbers, const std::vector<float>& strokes,
                              const ImageShape& shape, std::vector<double>* window = nullptr) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  ParameterStore store;
  const ReadWritePlugin& opened = host.read_write(plugin);
  const auto mode =
      opened.make_write(*sized(opened.write_options(), size), {ParameterScope(store, "write"), shape, kState});
  fix(store, "write." + layer, numbers);
  fix(store, "write.patch", strokes);
  (void)store.doubles();
  Tape tape(store, Precision::f64);
  const auto [update, shown] = mode->write(tape.constant({1, kState}, 0));
  if (window != nullptr) *window = numbers_of(*shown);
  std::vector<double> written(static_cast<std::size_t>(update.shape().count()));
  tape.read(update, std::span<double>(written));
  return written;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-12) << "number " << i;
}

const std::vector<float> kStill = {0, 0, 0, 0, 0, 0};

TEST(SpatialTransformerMode, ReadsTheImageItselfWithoutAMove) {
  const Array image = random_array({1, 3, 4, 4}, 1);
  expect_near(patch_of("spatial_transformer", 4, "map", kStill, image), image.numbers);
}

TEST(SpatialTransformerMode, ReadsWhatLiesToTheRightAndNothingBeyondTheEdge) {
  const Array image = array({1, 1, 2, 4}, {1, 2, 3, 4, 5, 6, 7, 8});
  // Half the image's width is two pixels; the two rows become four points each.
  expect_near(patch_of("spatial_transformer", 4, "map", {0, 0, 1, 0, 0, 0},
                       array({1, 1, 4, 4},
                             [] {
                               std::vector<double> numbers(16);
                               for (std::size_t i = 0; i < 16; ++i) numbers[i] = static_cast<double>(i);
                               return numbers;
                             }())),
              {2, 3, 0, 0, 6, 7, 0, 0, 10, 11, 0, 0, 14, 15, 0, 0});
  // Halved, moved by a quarter of a pixel and up to the first row: a quarter of the way from one pixel to the next.
  expect_near(
      patch_of("spatial_transformer", 2, "map", {-0.5, 0, 0.125, 0, -1, -0.5}, array({1, 1, 2, 4}, image.numbers)),
      {2.25, 3.25, 2.25, 3.25});
}

TEST(SpatialTransformerMode, TurnsTheImage) {
  const Array image = array({1, 1, 2, 2}, {1, 2, 3, 4});
  // (x, y) -> (−y, x): a quarter turn.
  expect_near(patch_of("spatial_transformer", 2, "map", {-1, -1, 0, 1, -1, 0}, image), {2, 4, 1, 3});
}

TEST(SpatialTransformerMode, WritesThePatchItselfWithoutAMoveAndSmallerWithLargerNumbers) {
  const std::vector<float> strokes = {1, 2, 3, 4};
  expect_near(update_of("spatial_transformer", 2, "map", kStill, strokes, {1, 2, 2}), {1, 2, 3, 4});
  // The map takes pixels to the patch: twice as far out means half as large, in the middle.
  const auto small = update_of("spatial_transformer", 2, "map", {1, 0, 0, 0, 1, 0}, strokes, {1, 4, 4});
  expect_near(small, {0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0});
}

TEST(SpatialTransformerMode, ShowsTheGridOfThePixelsThatItReads) {
  std::vector<double> window;
  // Half as large across, a quarter as large down, turned by a quarter turn: (x, y) -> (−y/4, x/2), to the right.
  patch_of("spatial_transformer", 2, "map", {-1, -0.25, 0.5, 0.5, -1, 0}, random_array({1, 1, 8, 16}, 1), &window);
  // The middle of 16 pixels is 8.5, half of their half to the right 12.5. Two points lie half of a side of the grid
  // apart: a row goes down 8/2·½ pixels, a column to the left 16/2·¼.
  expect_near(window, {12.5, 4.5, 0, 2, -2, 0, 0.5});
}

TEST(SpatialTransformerMode, ShowsThePixelsThatItWrites) {
  std::vector<double> window;
  // The patch covers half of the image across and all of it down; (x, y) of the image is at (2x − 1, y) of the patch.
  const auto written =
      update_of("spatial_transformer", 2, "map", {1, 0, -1, 0, 0, 0}, {1, 1, 1, 1}, {1, 2, 8}, &window);
  expect_near(written, {0, 0, 0, 0.25, 0.75, 1, 1, 0.75, 0, 0, 0, 0.25, 0.75, 1, 1, 0.75});
  ASSERT_EQ(window.size(), 7U);
  // In the middle of the right half, its two pixels a row 2 apart, its rows 1. The determinant is kept from 0 by 1e-6.
  const std::vector<double> expected = {6.5, 1.5, 2, 0, 0, 1, std::sqrt(5.0 / 8)};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(window[i], expected[i], 1e-5) << "number " << i;
}

TEST(FoveatedMode, ShowsItsWidestGrid) {
  std::vector<double> window;
  patch_of("foveated", 3, "center", {0.5F, -1}, random_array({1, 1, 9, 7}, 1), &window);
  expect_near(window, {6, 0, 4, 2});
}

TEST(FoveatedMode, SeesTheSameGreyEverywhereAndAtEveryResolution) {
  const Array grey = array({1, 1, 9, 7}, std::vector<double>(63, 0.25));
  const auto seen = patch_of("foveated", 3, "center", {0.3F, -0.2F}, grey);
  expect_near(seen, std::vector<double>(27, 0.25));
}

TEST(FoveatedMode, IsSharpInTheMiddleAndCoarseAround) {
  std::vector<double> numbers(17 * 17, 0.0);
  numbers[8 * 17 + 8] = 1;
  const auto seen = patch_of("foveated", 3, "center", {0, 0}, array({1, 1, 17, 17}, numbers));
  ASSERT_EQ(seen.size(), 27U);
  // The middle filter of each grid holds the point, the more of it the sharper the grid.
  EXPECT_GT(seen[4], 0.6);
  EXPECT_NEAR(seen[13], 0.16, 0.01);  // 1/(2 pi) for a standard deviation of one pixel
  EXPECT_NEAR(seen[22], 0.04, 0.003);
  for (const std::size_t grid : {0, 9, 18}) {
    for (std::size_t i = 0; i < 9; ++i) {
      if (i == 4) continue;
      EXPECT_LT(seen[grid + i], 0.15 * seen[grid + 4]) << grid << " " << i;
    }
  }
}

TEST(CauchyMode, SeesTheSameGreyEverywhereTimesTheIntensity) {
  const Array grey = array({1, 1, 7, 9}, std::vector<double>(63, 0.25));
  const auto seen = patch_of("cauchy", 2, "window", {0.3F, -0.2F, 0.5F, -1, std::log(2.0F)}, grey);
  for (const double number : seen) EXPECT_NEAR(number, 0.5, 1e-7);  // log 2 is rounded to f32
}

TEST(CauchyMode, WeighsAPixelByItsSquaredDistance) {
  std::vector<double> numbers(25, 0.0);
  numbers[2 * 5 + 4] = 1;  // two pixels to the right of the middle
  const auto seen = patch_of("cauchy", 1, "window", {0, 0, 0, 0, 0}, array({1, 1, 5, 5}, numbers));
  const double row = 1 + 2 * (1.0 / 2 + 1.0 / 5);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_NEAR(seen[0], (1.0 / 5 / row) * (1 / row), 1e-12);
}

TEST(CauchyMode, WritesWhereItReads) {
  const auto written = update_of("cauchy", 1, "window", {0, 0, -3, 0, 0}, {1}, {1, 5, 5});
  const auto brightest = std::ranges::max_element(written) - written.begin();
  EXPECT_EQ(brightest, 12);
  double sum = 0;
  for (const double number : written) sum += number;
  EXPECT_NEAR(sum, 1, 1e-12);
}

}  // namespace
}  // namespace drawlab
