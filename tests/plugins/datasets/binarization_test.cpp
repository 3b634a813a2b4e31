#include "datasets/binarization.hpp"

#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <vector>

namespace drawlab {
namespace {

TEST(Binarization, LeavesGreyLevelsInZeroToOne) {
  const std::array<std::uint8_t, 3> grey = {0, 51, 255};
  std::array<float, 3> pixels{};
  write_pixels(grey, Binarization::none, {}, pixels);
  EXPECT_EQ(pixels, (std::array<float, 3>{0.0F, 0.2F, 1.0F}));
}

TEST(Binarization, CutsAtOneHundredAndTwentyEight) {
  const std::array<std::uint8_t, 4> grey = {0, 127, 128, 255};
  std::array<float, 4> pixels{};
  write_pixels(grey, Binarization::threshold, {}, pixels);
  EXPECT_EQ(pixels, (std::array<float, 4>{0, 0, 1, 1}));
}

TEST(Binarization, DrawsOnesAsOftenAsTheGreyLevelSays) {
  for (const int level : {0, 1, 64, 200, 254, 255}) {
    const std::vector<std::uint8_t> grey(200000, static_cast<std::uint8_t>(level));
    std::vector<float> pixels(grey.size());
    write_pixels(grey, Binarization::stochastic, binarization_key(1, Split::train, 7, 3), pixels);
    const double share = std::accumulate(pixels.begin(), pixels.end(), 0.0) / static_cast<double>(pixels.size());
    EXPECT_NEAR(share, level / 255.0, level % 255 == 0 ? 0 : 0.005) << level;
  }
}

TEST(Binarization, DrawsTrainingImagesAfreshEachEpochAndTheOthersOnce) {
  const std::vector<std::uint8_t> grey(784, 128);
  const auto drawn = [&](std::uint64_t seed, Split split, std::int64_t index, std::uint64_t epoch) {
    std::vector<float> pixels(grey.size());
    write_pixels(grey, Binarization::stochastic, binarization_key(seed, split, index, epoch), pixels);
    return pixels;
  };
  EXPECT_EQ(drawn(1, Split::train, 5, 2), drawn(1, Split::train, 5, 2));
  EXPECT_NE(drawn(1, Split::train, 5, 2), drawn(1, Split::train, 5, 3));
  EXPECT_NE(drawn(1, Split::train, 5, 2), drawn(1, Split::train, 6, 2));
  EXPECT_NE(drawn(1, Split::train, 5, 2), drawn(2, Split::train, 5, 2));
  EXPECT_EQ(drawn(1, Split::test, 5, 2), drawn(1, Split::test, 5, 3));
  EXPECT_NE(drawn(1, Split::test, 5, 2), drawn(1, Split::validation, 5, 2));
  EXPECT_NE(drawn(1, Split::test, 5, 2), drawn(2, Split::test, 5, 2));
}

}  // namespace
}  // namespace drawlab
