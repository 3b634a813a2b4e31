#include "datasets/house_numbers/house_numbers.hpp"

#include "drawlab/error.hpp"

#include "datasets/digits/digits.hpp"
#include "system/sha256.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <thread>
#include <utility>

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
    table.parse(options);
    return std::make_unique<digits::Digits>(chosen, DigitsContext());
  }
};

/// Digits with one glyph for each label.
class Glyphs final : public Dataset {
 public:
  explicit Glyphs(std::vector<std::vector<float>> glyphs) : glyphs_(std::move(glyphs)) {
    info_.name = "glyphs";
    info_.image = {1, kGlyphSide, kGlyphSide};
    info_.counts = {1000, 1000, 1000};
    info_.classes = static_cast<int>(glyphs_.size());
    info_.checksum = "glyphs-1";
  }
  const DatasetInfo& info() const override { return info_; }
  void fill(Split, std::span<const std::int64_t> indices, std::uint64_t, std::span<float> images,
            std::span<std::int32_t> labels) const override {
    for (std::size_t i = 0; i < indices.size(); ++i) {
      labels[i] = static_cast<std::int32_t>(indices[i] % info_.classes);
      std::ranges::copy(glyphs_[static_cast<std::size_t>(labels[i])],
                        images.subspan(i * kGlyphSide * kGlyphSide).begin());
    }
  }

 private:
  std::vector<std::vector<float>> glyphs_;
  DatasetInfo info_;
};

class GlyphsContext final : public DatasetContext {
 public:
  explicit GlyphsContext(std::vector<std::vector<float>> glyphs) : glyphs_(std::move(glyphs)) {}
  std::uint64_t seed() const override { return 1; }
  std::filesystem::path locate(const DatasetFile&, const std::string&) const override { throw DataError("no files"); }
  std::unique_ptr<Dataset> open(const std::string&, const ConfigNode&) const override {
    return std::make_unique<Glyphs>(glyphs_);
  }

 private:
  std::vector<std::vector<float>> glyphs_;
};

/// An upright stroke through the middle.
std::vector<float> bar() {
  std::vector<float> glyph(kGlyphSide * kGlyphSide);
  for (std::size_t y = 0; y < kGlyphSide; ++y)
    std::fill_n(glyph.begin() + static_cast<std::ptrdiff_t>(y * kGlyphSide + 12), 4, 1.0F);
  return glyph;
}

std::vector<float> nothing() { return std::vector<float>(kGlyphSide * kGlyphSide); }

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

TEST(Scene, PaintsInkInTheGlyphsMarginToo) {
  Scene scene(40);
  std::vector<float> glyph(kGlyphSide * kGlyphSide);
  std::fill_n(glyph.begin() + std::ptrdiff_t{1} * kGlyphSide, 2 * kGlyphSide, 1.0F);   // rows 1 and 2
  std::fill_n(glyph.begin() + std::ptrdiff_t{25} * kGlyphSide, 2 * kGlyphSide, 1.0F);  // rows 25 and 26
  scene.paint(glyph, {10, 10, 20, 20}, 0, {1, 1, 1});  // a pixel of the glyph is one of the scene
  const auto at = [&](int y) { return scene.pixels()[static_cast<std::size_t>(y * 40 + 20)]; };
  EXPECT_EQ(at(10 - 4), 0.0F);
  EXPECT_FLOAT_EQ(at(10 - 3), 1.0F);
  EXPECT_FLOAT_EQ(at(10 - 2), 1.0F);
  EXPECT_EQ(at(20), 0.0F);
  EXPECT_FLOAT_EQ(at(10 + 21), 1.0F);
  EXPECT_FLOAT_EQ(at(10 + 22), 1.0F);
  EXPECT_EQ(at(10 + 23), 0.0F);
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

/// The middles of the strokes that the red channel's middle row has in `images` and not in `bare`, by image.
std::vector<std::vector<double>> strokes(const Filled& images, const Filled& bare, std::int64_t side) {
  constexpr float kLeast = 0.02F;
  std::vector<std::vector<double>> all;
  const auto pixels = static_cast<std::size_t>(3 * side * side);
  for (std::size_t image = 0; image < images.labels.size(); ++image) {
    std::vector<double> middles;
    const auto row = image * pixels + static_cast<std::size_t>(side / 2 * side);
    std::int64_t begin = -1;
    for (std::int64_t x = 0; x <= side; ++x) {
      const auto at = row + static_cast<std::size_t>(x);
      bool inked = false;
      for (std::size_t channel = 0; x < side && channel < 3; ++channel) {
        const std::size_t pixel = at + channel * static_cast<std::size_t>(side * side);
        inked = inked || std::abs(images.images[pixel] - bare.images[pixel]) > kLeast;
      }
      if (inked && begin < 0) begin = x;
      if (inked || begin < 0) continue;
      middles.push_back(static_cast<double>(begin + x) / 2);
      begin = -1;
    }
    all.push_back(middles);
  }
  return all;
}

TEST(HouseNumbers, AreLabelledByTheCountOfDigitsPaintedRoundTheMiddle) {
  const HouseNumbers data({}, GlyphsContext({bar()}));
  const HouseNumbers bare({}, GlyphsContext({nothing()}));
  const Filled batch = filled(data, Split::test, first(200));
  const auto found = strokes(batch, filled(bare, Split::test, first(200)), 54);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].size(), static_cast<std::size_t>(batch.labels[i] + 1)) << i;
    EXPECT_NEAR(std::accumulate(found[i].begin(), found[i].end(), 0.0) / static_cast<double>(found[i].size()), 27, 1)
        << i;
  }
}

TEST(HouseNumbers, TellTheDigitsThatTheyShow) {
  // Nothing is painted but the digit 3, so that a picture differs from a bare wall where its number has one.
  std::vector<std::vector<float>> glyphs(10, nothing());
  const HouseNumbers walls({}, GlyphsContext(glyphs));
  glyphs[3] = bar();
  const HouseNumbers threes({}, GlyphsContext(glyphs));
  int with = 0;
  for (std::int64_t index = 0; index < 60; ++index) {
    const std::string text = threes.label_text(Split::test, index, 0);
    const Filled picture = filled(threes, Split::test, {index});
    EXPECT_EQ(static_cast<std::int32_t>(text.size()), picture.labels[0] + 1);
    EXPECT_EQ(text, walls.label_text(Split::test, index, 5));
    const bool has = text.find('3') != std::string::npos;
    EXPECT_EQ(picture.images != filled(walls, Split::test, {index}).images, has) << text;
    with += has ? 1 : 0;
  }
  EXPECT_GT(with, 5);
  EXPECT_LT(with, 40);
}

TEST(HouseNumbers, AreLabelledByTheDigitInTheMiddleNotByItsNeighbours) {
  HouseNumbersOptions options;
  options.format = Format::digits;
  const HouseNumbers data(options, GlyphsContext({nothing(), bar()}));
  const HouseNumbers bare(options, GlyphsContext({nothing()}));
  const Filled batch = filled(data, Split::test, first(200));
  const auto found = strokes(batch, filled(bare, Split::test, first(200)), 32);
  int ones = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool in_the_middle = std::ranges::any_of(found[i], [](double x) { return std::abs(x - 16) < 2; });
    EXPECT_EQ(in_the_middle, batch.labels[i] == 1) << i;
    ones += batch.labels[i];
  }
  EXPECT_GT(ones, 60);
  EXPECT_LT(ones, 140);
}

TEST(HouseNumbers, AreThePicturesOfThisGeneratorVersion) {
  // Where these change on purpose, kGeneratorVersion must be raised too.
  EXPECT_EQ(kGeneratorVersion, 2);
  const auto hash = [](Format format) {
    std::string bytes;
    for (const float level : filled(made(format), Split::train, first(50)).images) {
      bytes += static_cast<char>(std::lround(level * 255));
    }
    return sha256_of(bytes);
  };
  EXPECT_EQ(hash(Format::numbers), "57c7a6db1bb8c9212bd7655fa2e5333d96c742fe1da6c8da9f6519c09d1dfdd8");
  EXPECT_EQ(hash(Format::digits), "767432da0f0d2d488fc6a2563b5933adef1dd4dde4a0606ae9f6c283148d3ea9");
}

TEST(HouseNumbers, CropTrainingImagesAnewInEachEpochAndTheOthersAlwaysAlike) {
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
