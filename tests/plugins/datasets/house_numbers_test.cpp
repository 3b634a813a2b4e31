#include "datasets/house_numbers/house_numbers.hpp"

#include "drawlab/error.hpp"

#include "datasets/digits/digits.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <thread>

namespace drawlab::house_numbers {
namespace {

using ::testing::HasSubstr;

/// Opens digits, whatever is asked for.
class DigitsContext final : public DatasetContext {
 public:
  std::uint64_t seed() const override { return 1; }
  std::filesystem::path locate(const DatasetFile&, const std::string&) const override { throw DataError("no files"); }
  std::unique_ptr<Dataset> open(const std::string& name, const ConfigNode& options) const override {
    EXPECT_EQ(name, "digits");
    digits::DigitsOptions chosen;
    OptionTable table;
    chosen.declare(table);
    Diagnostics diagnostics;
    table.parse(options, diagnostics);
    diagnostics.throw_if_errors();
    return std::make_unique<digits::Digits>(chosen, DigitsContext());
  }
  std::string sha256(const std::filesystem::path&) const override { return {}; }
};

struct Filled {
  std::vector<float> images;
  std::vector<std::int32_t> labels;
};

Filled filled(const Dataset& data, Split split, const std::vector<std::int64_t>& indices, std::uint64_t epoch = 0) {
  Filled batch{std::vector<float>(indices.size() * static_cast<std::size_t>(data.info().image.count())),
               std::vector<std::int32_t>(indices.size())};
  data.fill(split, indices, epoch, batch.images, batch.labels);
  return batch;
}

std::vector<std::int64_t> first(std::int64_t count) {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

HouseNumbers made(Format format = Format::numbers, std::int64_t seed = 1) {
  HouseNumbersOptions options;
  options.format = format;
  options.seed = seed;
  return {options, DigitsContext()};
}

TEST(Scene, PaintsADigitWhereItsBoxLiesAndNowhereElse) {
  Scene scene(40);
  const std::vector<float> glyph(kGlyphSide * kGlyphSide, 1.0F);
  scene.paint(glyph, {10, 20, 8, 12}, 0, {0.25F, 0.5F, 1});
  const auto at = [&](int channel, int y, int x) {
    return scene.pixels()[static_cast<std::size_t>((channel * 40 + y) * 40 + x)];
  };
  EXPECT_FLOAT_EQ(at(0, 25, 13), 0.25F);
  EXPECT_FLOAT_EQ(at(1, 25, 13), 0.5F);
  EXPECT_FLOAT_EQ(at(2, 31, 17), 1.0F);
  EXPECT_EQ(at(2, 25, 4), 0.0F);
  EXPECT_EQ(at(2, 10, 13), 0.0F);
  EXPECT_EQ(at(2, 39, 39), 0.0F);
}

TEST(Scene, CutsOffWhatLiesOutside) {
  Scene scene(10);
  const std::vector<float> glyph(kGlyphSide * kGlyphSide, 1.0F);
  scene.paint(glyph, {-20, -20, 60, 60}, 0.3F, {1, 1, 1});
  EXPECT_THAT(scene.pixels(), ::testing::Each(1.0F));
  scene.paint(glyph, {100, 100, 5, 5}, 0, {0, 0, 0});
  EXPECT_THAT(scene.pixels(), ::testing::Each(1.0F));
}

TEST(HouseNumbers, ComeInTheTwoShapesOfSvhn) {
  EXPECT_EQ(made().info().image, (ImageShape{3, 54, 54}));
  EXPECT_EQ(made().info().classes, 5);
  EXPECT_EQ(made(Format::digits).info().image, (ImageShape{3, 32, 32}));
  EXPECT_EQ(made(Format::digits).info().classes, 10);
  EXPECT_THAT(made().info().provenance, HasSubstr("not SVHN"));
  EXPECT_EQ(made().info().name, "house_numbers");
}

TEST(HouseNumbers, AreInColourWithin256LevelsAndInContrast) {
  for (const Format format : {Format::numbers, Format::digits}) {
    const HouseNumbers data = made(format);
    const Filled batch = filled(data, Split::test, first(60));
    const auto plane = static_cast<std::size_t>(data.info().image.height * data.info().image.width);
    int coloured = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      const std::span<const float> image = std::span(batch.images).subspan(i * 3 * plane, 3 * plane);
      for (const float level : image) {
        ASSERT_GE(level, 0);
        ASSERT_LE(level, 1);
        ASSERT_NEAR(level * 255, std::round(level * 255), 1e-3);
      }
      float contrast = 0;
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const auto [least, most] = std::ranges::minmax(image.subspan(channel * plane, plane));
        contrast = std::max(contrast, most - least);
      }
      EXPECT_GT(contrast, 0.2F) << i;
      for (std::size_t pixel = 0; pixel < plane; ++pixel) {
        if (std::abs(image[pixel] - image[2 * plane + pixel]) > 0.05F) {
          ++coloured;
          break;
        }
      }
    }
    EXPECT_GT(coloured, 40);
  }
}

TEST(HouseNumbers, HaveOneToFiveDigitsAndEveryDigitInTheMiddle) {
  const auto labels_of = [](const HouseNumbers& data) {
    const Filled batch = filled(data, Split::train, first(400));
    return std::set<int>(batch.labels.begin(), batch.labels.end());
  };
  EXPECT_THAT(labels_of(made()), ::testing::IsSupersetOf({0, 1, 2, 3}));
  EXPECT_LE(*labels_of(made()).rbegin(), 4);
  EXPECT_EQ(labels_of(made(Format::digits)).size(), 10U);
}

TEST(HouseNumbers, CropTrainingImagesAnewInEachEpochAndTheOthersInTheMiddle) {
  const HouseNumbers data = made();
  EXPECT_NE(filled(data, Split::train, first(4), 0).images, filled(data, Split::train, first(4), 1).images);
  EXPECT_EQ(filled(data, Split::train, first(4), 0).labels, filled(data, Split::train, first(4), 1).labels);
  EXPECT_EQ(filled(data, Split::test, first(4), 0).images, filled(data, Split::test, first(4), 1).images);
  EXPECT_EQ(filled(data, Split::validation, first(4), 0).images, filled(data, Split::validation, first(4), 1).images);
}

TEST(HouseNumbers, DependOnSeedSplitAndIndexAndNotOnTheOrderOfCallsOrThreads) {
  const HouseNumbers data = made();
  const std::vector<std::int64_t> indices = first(6);
  const Filled whole = filled(data, Split::train, indices, 2);
  const auto pixels = static_cast<std::size_t>(data.info().image.count());
  std::vector<Filled> alone(6);
  std::vector<std::thread> threads;
  for (std::size_t i = 6; i-- > 0;) {
    threads.emplace_back([&, i] { alone[i] = filled(data, Split::train, {indices[i]}, 2); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_TRUE(std::ranges::equal(alone[i].images, std::span(whole.images).subspan(i * pixels, pixels))) << i;
  }
  EXPECT_NE(filled(made(Format::numbers, 2), Split::train, indices, 2).images, whole.images);
  EXPECT_NE(filled(data, Split::test, indices).images, filled(data, Split::validation, indices).images);
}

}  // namespace
}  // namespace drawlab::house_numbers
