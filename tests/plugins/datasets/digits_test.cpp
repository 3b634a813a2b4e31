#include "datasets/digits/digits.hpp"

#include "drawlab/error.hpp"

#include "files.hpp"
#include "system/sha256.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <thread>

namespace drawlab::digits {
namespace {

using tests::FolderContext;

struct Batch {
  std::vector<float> images;
  std::vector<std::int32_t> labels;
};

Batch filled(const Dataset& dataset, Split split, const std::vector<std::int64_t>& indices, std::uint64_t epoch = 1) {
  Batch batch{std::vector<float>(indices.size() * 784), std::vector<std::int32_t>(indices.size())};
  dataset.fill(split, indices, epoch, batch.images, batch.labels);
  return batch;
}

std::vector<std::int64_t> first(std::int64_t count) {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

Digits made(Binarization binarization = Binarization::none, std::int64_t seed = 1, std::uint64_t run_seed = 1) {
  DigitsOptions options;
  options.binarization = binarization;
  options.seed = seed;
  return Digits(options, FolderContext(run_seed));
}

TEST(Digits, AreFiftyThousandAndTwiceTenThousandWithoutFiles) {
  EXPECT_EQ(made().info().counts, (std::array<std::int64_t, 3>{50000, 10000, 10000}));
  EXPECT_EQ(made().info().image, (ImageShape{1, 28, 28}));
  EXPECT_TRUE(Digits::files({}).empty());
}

TEST(Digits, AreThePicturesOfThisGeneratorVersion) {
  const Batch batch = filled(made(), Split::train, first(100));
  std::string bytes;
  for (const float pixel : batch.images) bytes += static_cast<char>(std::lround(pixel * 255));
  // Where this changes on purpose, kGeneratorVersion must be raised too.
  EXPECT_EQ(kGeneratorVersion, 1);
  EXPECT_EQ(sha256_of(bytes), "3bf2c3bb763ad07315036d94e9d0a2850b960c0dbfb54b18bff62e71cee49705");
}

TEST(Digits, DependOnSeedSplitAndIndexAlone) {
  const Digits digits = made();
  const Batch together = filled(digits, Split::train, {3, 4, 5});
  const Batch alone = filled(digits, Split::train, {4}, 9);
  EXPECT_TRUE(std::equal(alone.images.begin(), alone.images.end(), together.images.begin() + 784));
  EXPECT_EQ(alone.labels[0], together.labels[1]);
  EXPECT_NE(filled(digits, Split::test, {4}).images, alone.images);
  EXPECT_NE(filled(made(Binarization::none, 2), Split::train, {4}).images, alone.images);
  EXPECT_EQ(filled(made(Binarization::none, 1, 77), Split::train, {4}).images, alone.images);
}

TEST(Digits, AreTheSameFromManyThreads) {
  const Digits digits = made(Binarization::stochastic);
  const Batch expected = filled(digits, Split::train, first(200));
  std::vector<Batch> found(4);
  {
    std::vector<std::jthread> threads;
    for (Batch& batch : found) threads.emplace_back([&] { batch = filled(digits, Split::train, first(200)); });
  }
  for (const Batch& batch : found) EXPECT_EQ(batch.images, expected.images);
}

TEST(Digits, AreAllDifferent) {
  const Digits digits = made(Binarization::threshold);
  std::map<std::vector<float>, std::int64_t> seen;
  for (const Split split : kSplits) {
    const Batch batch = filled(digits, split, first(1000));
    for (std::size_t i = 0; i < 1000; ++i) {
      const auto begin = batch.images.begin() + static_cast<std::ptrdiff_t>(i * 784);
      ++seen[{begin, begin + 784}];
    }
  }
  EXPECT_EQ(seen.size(), 3000U);
}

TEST(Digits, HoldEachClassAboutEquallyOften) {
  const Batch batch = filled(made(), Split::train, first(5000));
  for (int digit = 0; digit < 10; ++digit) {
    const auto count = std::count(batch.labels.begin(), batch.labels.end(), digit);
    EXPECT_GT(count, 400) << digit;
    EXPECT_LT(count, 600) << digit;
  }
}

TEST(Digits, LieAroundTheMiddleAndKeepAMargin) {
  const Batch batch = filled(made(), Split::train, first(2000));
  double worst = 0;
  double ink = 0;
  double border = 0;
  for (std::size_t i = 0; i < 2000; ++i) {
    double mass = 0;
    double x = 0;
    double y = 0;
    for (std::size_t row = 0; row < 28; ++row) {
      for (std::size_t column = 0; column < 28; ++column) {
        const double pixel = batch.images[i * 784 + row * 28 + column];
        mass += pixel;
        x += pixel * static_cast<double>(column);
        y += pixel * static_cast<double>(row);
        if (row == 0 || row == 27 || column == 0 || column == 27) border += pixel;
      }
    }
    worst = std::max({worst, std::abs(x / mass - 13.5), std::abs(y / mass - 13.5)});
    ink += mass;
  }
  EXPECT_LT(worst, 3.0);
  // MNIST's mean is 0.13.
  EXPECT_NEAR(ink / 2000 / 784, 0.12, 0.03);
  EXPECT_LT(border / ink, 0.001);
}

TEST(Digits, AreToldApartByTheirShapes) {
  // The nearest of a thousand labelled pictures is right nine times out of ten: classes are real, and not trivial.
  const Digits digits = made(Binarization::threshold);
  const Batch known = filled(digits, Split::train, first(1000));
  const Batch asked = filled(digits, Split::test, first(200));
  int right = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    double nearest = 1e9;
    std::int32_t label = -1;
    for (std::size_t j = 0; j < 1000; ++j) {
      double distance = 0;
      for (std::size_t pixel = 0; pixel < 784; ++pixel) {
        distance += std::abs(asked.images[i * 784 + pixel] - known.images[j * 784 + pixel]);
      }
      if (distance < nearest) {
        nearest = distance;
        label = known.labels[j];
      }
    }
    right += label == asked.labels[i] ? 1 : 0;
  }
  EXPECT_GE(right, 170);
}

TEST(Digits, AreBinaryByDefaultAndDrawnAfreshOnRequest) {
  const Batch cut = filled(Digits({}, FolderContext()), Split::train, {0});
  EXPECT_TRUE(std::ranges::all_of(cut.images, [](float pixel) { return pixel == 0.0F || pixel == 1.0F; }));
  const Digits drawn = made(Binarization::stochastic);
  EXPECT_NE(filled(drawn, Split::train, {0}, 1).images, filled(drawn, Split::train, {0}, 2).images);
  EXPECT_EQ(filled(drawn, Split::validation, {0}, 1).images, filled(drawn, Split::validation, {0}, 2).images);
}

TEST(Digits, RefuseASampleThatDoesNotExist) {
  EXPECT_THROW(filled(made(), Split::train, {50000}), ShapeError);
  EXPECT_THROW(filled(made(), Split::train, {-1}), ShapeError);
}

}  // namespace
}  // namespace drawlab::digits
