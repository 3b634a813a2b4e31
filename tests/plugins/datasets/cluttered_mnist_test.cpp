#include "datasets/cluttered_mnist/cluttered_mnist.hpp"

#include "drawlab/error.hpp"

#include "datasets/cluttered_mnist/composition.hpp"
#include "datasets/digits/digits.hpp"
#include "system/sha256.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <thread>

namespace drawlab::cluttered_mnist {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

constexpr std::int64_t kSide = 6;

/// Squares of one grey level each, from which a sample is known again: sample i of a split has level 16·split + i + 1.
class Squares final : public Dataset {
 public:
  explicit Squares(int classes = 10, std::int64_t count = 12) {
    info_.name = "squares";
    info_.image = {1, kSide, kSide};
    info_.counts = {count, count, count};
    info_.classes = classes;
    info_.label_meaning = "the index, modulo 10";
    info_.values = "grey levels in [0,1]";
    info_.provenance = "made for this test";
    info_.checksum = "squares-1";
  }
  const DatasetInfo& info() const override { return info_; }
  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t, std::span<float> images,
            std::span<std::int32_t> labels) const override {
    for (std::size_t i = 0; i < indices.size(); ++i) {
      std::ranges::fill(images.subspan(i * kSide * kSide, kSide * kSide), level(split, indices[i]));
      labels[i] = info_.classes == 0 ? -1 : static_cast<std::int32_t>(indices[i] % 10);
    }
  }
  static float level(Split split, std::int64_t index) {
    return static_cast<float>(16 * static_cast<int>(split) + index + 1) / 255.0F;
  }

  DatasetInfo info_;
};

/// Opens squares whatever is asked for, and remembers what it was.
class SquaresContext final : public DatasetContext {
 public:
  std::uint64_t seed() const override { return 1; }
  std::filesystem::path locate(const DatasetFile&, const std::string&) const override { throw DataError("no files"); }
  std::unique_ptr<Dataset> open(const std::string& name, const ConfigNode& options) const override {
    asked = name + " " + to_json(options);
    return make();
  }

  std::function<std::unique_ptr<Dataset>()> make = [] { return std::make_unique<Squares>(); };
  mutable std::string asked;
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

/// How many pixels of an image have each level.
std::map<int, int> levels_of(std::span<const float> image) {
  std::map<int, int> levels;
  for (const float pixel : image) ++levels[static_cast<int>(std::lround(pixel * 255))];
  return levels;
}

ClutteredMnistOptions small_options() {
  ClutteredMnistOptions options;
  options.size = 40;
  options.distractors = 3;
  options.distractor_size = 2;
  return options;
}

ClutteredMnist made(const ClutteredMnistOptions& options) { return {options, SquaresContext()}; }

std::string refusal(const ClutteredMnistOptions& options, const SquaresContext& context = {}) {
  try {
    const ClutteredMnist data(options, context);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return {};
}

TEST(AddPiece, CopiesARectangleToItsPlaceAndStopsSumsAtOne) {
  const std::vector<std::uint8_t> pixels = {0, 51, 102, 153, 204, 255};  // two rows of three
  std::vector<float> canvas(16, 0.5F);
  add_piece({pixels, 3, 1, 0, 2, 2}, 2, 1, 4, canvas);
  EXPECT_FLOAT_EQ(canvas[4 + 2], 0.7F);
  EXPECT_FLOAT_EQ(canvas[4 + 3], 0.9F);
  EXPECT_EQ(canvas[8 + 2], 1.0F);
  EXPECT_EQ(canvas[8 + 3], 1.0F);
  EXPECT_EQ(std::ranges::count(canvas, 0.5F), 12);
}

TEST(ClutteredMnist, ShowsDigitIWholeWithItsLabelAmongPiecesOfOthers) {
  const ClutteredMnist data = made(small_options());
  const Filled batch = filled(data, Split::test, first(12));
  int pieces = 0;
  for (std::int64_t i = 0; i < 12; ++i) {
    EXPECT_EQ(batch.labels[static_cast<std::size_t>(i)], i % 10);
    const auto levels = levels_of(std::span(batch.images).subspan(static_cast<std::size_t>(i) * 1600, 1600));
    const int own = 32 + static_cast<int>(i) + 1;
    // Where a piece overlaps the digit, its pixels are brighter; of 36 at most 12 are.
    ASSERT_TRUE(levels.contains(own)) << i;
    EXPECT_LE(levels.at(own), 36);
    EXPECT_GE(levels.at(own), 24);
    for (const auto& [level, count] : levels) {
      if (level > 32 && level <= 44 && level != own) pieces += count;
    }
  }
  EXPECT_GT(pieces, 12 * 8);
  EXPECT_LE(pieces, 12 * 12);
}

TEST(ClutteredMnist, TakesDigitsAndPiecesFromTheirOwnSplit) {
  ClutteredMnistOptions options = small_options();
  options.size = 100;  // so that hardly anything overlaps
  const ClutteredMnist data = made(options);
  for (const Split split : kSplits) {
    const int base = 16 * static_cast<int>(split);
    int inside = 0;
    int outside = 0;
    for (const auto& [level, count] : levels_of(filled(data, split, first(12)).images)) {
      if (level == 0) continue;
      (level > base && level <= base + 12 ? inside : outside) += count;
    }
    EXPECT_GT(inside, 500);
    EXPECT_LT(outside, 24) << split_name(split);
  }
}

TEST(ClutteredMnist, ComposesTrainingImagesAnewInEveryEpochAndTheOthersOnce) {
  const ClutteredMnist fresh = made(small_options());
  EXPECT_NE(filled(fresh, Split::train, first(12), 0).images, filled(fresh, Split::train, first(12), 1).images);
  EXPECT_EQ(filled(fresh, Split::train, first(12), 5).images, filled(fresh, Split::train, first(12), 5).images);
  EXPECT_EQ(filled(fresh, Split::test, first(12), 0).images, filled(fresh, Split::test, first(12), 1).images);
  EXPECT_EQ(filled(fresh, Split::validation, first(12), 0).images,
            filled(fresh, Split::validation, first(12), 1).images);
  ClutteredMnistOptions options = small_options();
  options.fresh = false;
  const ClutteredMnist fixed = made(options);
  EXPECT_EQ(filled(fixed, Split::train, first(12), 0).images, filled(fixed, Split::train, first(12), 1).images);
}

TEST(ClutteredMnist, DependsOnSeedSplitAndIndexAndNotOnTheOrderOfCallsOrThreads) {
  const ClutteredMnist data = made(small_options());
  const std::vector<std::int64_t> indices = first(12);
  const Filled whole = filled(data, Split::train, indices, 3);
  std::vector<Filled> alone(12);
  std::vector<std::thread> threads;
  for (std::size_t i = 12; i-- > 0;) {
    threads.emplace_back([&, i] { alone[i] = filled(data, Split::train, {indices[i]}, 3); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_TRUE(std::ranges::equal(alone[i].images, std::span(whole.images).subspan(i * 1600, 1600))) << i;
    EXPECT_EQ(alone[i].labels[0], whole.labels[i]);
  }
  ClutteredMnistOptions other = small_options();
  other.seed = 2;
  EXPECT_NE(filled(made(other), Split::train, indices, 3).images, whole.images);
}

TEST(ClutteredMnist, LabelsTwoDigitsByTheirSortedPair) {
  ClutteredMnistOptions options = small_options();
  options.digits = 2;
  options.distractors = 0;
  options.size = 60;
  options.train = 500;
  const ClutteredMnist data = made(options);
  EXPECT_EQ(data.info().classes, 55);
  EXPECT_EQ(data.info().count(Split::train), 500);
  EXPECT_EQ(data.info().count(Split::test), 12);
  const Filled batch = filled(data, Split::train, first(500));
  std::set<int> seen;
  for (std::int64_t i = 0; i < 500; ++i) {
    const auto levels = levels_of(std::span(batch.images).subspan(static_cast<std::size_t>(i) * 3600, 3600));
    std::vector<int> digits;
    for (const auto& [level, count] : levels) {
      if (level > 0 && level <= 12 && count > 6) digits.push_back(level - 1);
    }
    if (digits.size() != 2) continue;  // they overlap so far that the sum stands out
    EXPECT_NE(digits[0], digits[1]);
    const int a = std::min(digits[0] % 10, digits[1] % 10);
    const int b = std::max(digits[0] % 10, digits[1] % 10);
    EXPECT_EQ(batch.labels[static_cast<std::size_t>(i)], b * (b + 1) / 2 + a);
    EXPECT_TRUE(digits[0] == i % 12 || digits[1] == i % 12);
    seen.insert(batch.labels[static_cast<std::size_t>(i)]);
  }
  EXPECT_GT(seen.size(), 40U);
}

TEST(ClutteredMnist, PutsDigitsAndPiecesAnywhereOnTheCanvas) {
  ClutteredMnistOptions options = small_options();
  options.size = 20;
  options.train = 2000;
  const ClutteredMnist data = made(options);
  const Filled batch = filled(data, Split::train, first(2000));
  std::vector<int> inked(400);
  for (std::size_t i = 0; i < batch.images.size(); ++i) inked[i % 400] += batch.images[i] > 0 ? 1 : 0;
  for (const std::size_t corner : {0U, 19U, 380U, 399U}) EXPECT_GT(inked[corner], 5) << corner;
  EXPECT_LT(inked[0], inked[210]);
  EXPECT_THAT(batch.images, Each(::testing::AllOf(::testing::Ge(0.0F), ::testing::Le(1.0F))));
}

TEST(ClutteredMnist, HasNoLabelsWhereItsSourceHasNone) {
  SquaresContext context;
  context.make = [] { return std::make_unique<Squares>(0); };
  ClutteredMnistOptions options = small_options();
  options.digits = 2;
  const ClutteredMnist data(options, context);
  EXPECT_EQ(data.info().classes, 0);
  EXPECT_THAT(filled(data, Split::train, first(5)).labels, Each(-1));
}

TEST(ClutteredMnist, AsksANameAloneForGreyLevelsAndPassesOptionsOn) {
  SquaresContext context;
  const ClutteredMnist alone(small_options(), context);
  EXPECT_EQ(context.asked, R"(mnist {"binarization":"none"})");
  ClutteredMnistOptions options = small_options();
  options.source = from_json(R"({"digits": {"seed": 7}})");
  const ClutteredMnist chosen(options, context);
  EXPECT_EQ(context.asked, R"(digits {"seed":7})");
  EXPECT_EQ(ClutteredMnist::sources(options).front().name, "digits");
  ASSERT_EQ(chosen.info().sources.size(), 1U);
  EXPECT_EQ(chosen.info().sources[0].checksum, "squares-1");
}

TEST(ClutteredMnist, TellsTheTwoDigitsOfAPair) {
  SquaresContext context;
  ClutteredMnistOptions options = small_options();
  EXPECT_EQ(ClutteredMnist(options, context).label_text(Split::test, 0, 0), "");
  options.digits = 2;
  const ClutteredMnist data(options, context);
  for (const Split split : {Split::train, Split::test}) {
    for (const std::uint64_t epoch : {0, 3}) {
      for (std::int64_t index = 0; index < 10; ++index) {
        const std::int32_t label = filled(data, split, {index}, epoch).labels[0];
        const std::string text = data.label_text(split, index, epoch);
        const int a = std::stoi(text.substr(0, text.find('+')));
        const int b = std::stoi(text.substr(text.find('+') + 1));
        EXPECT_LE(a, b);
        EXPECT_EQ(b * (b + 1) / 2 + a, label);
      }
    }
  }
}

TEST(ClutteredMnist, RefusesASourceThatDoesNotFit) {
  ClutteredMnistOptions options = small_options();
  options.source = ConfigNode::integer(5, {"draw.yaml", 3, 9});
  EXPECT_EQ(refusal(options),
            "draw.yaml:3:9: source: 5 is a whole number, need a dataset's name, or {name: {option: value}}");
  options = small_options();
  options.size = 5;
  EXPECT_EQ(refusal(options), "cluttered_mnist: size: 5 is too small for the 6x6 images of 'squares'; need 6 or more");
  options = small_options();
  options.distractor_size = 7;
  EXPECT_EQ(refusal(options),
            "cluttered_mnist: distractor_size: 7 is larger than the 6x6 images of 'squares'; need 6 or less");
  SquaresContext context;
  context.make = [] {
    auto colour = std::make_unique<Squares>();
    colour->info_.image.channels = 3;
    return colour;
  };
  EXPECT_EQ(refusal(small_options(), context),
            "cluttered_mnist: the source 'squares' has 3 channels; need grey images");
  context.make = [] { return std::make_unique<Squares>(10, 1); };
  EXPECT_THAT(refusal(small_options(), context), HasSubstr("has 1 image in its train split; need 2 or more"));
}

TEST(ClutteredMnist, KeepsADatasetOfBytesAsItIs) {
  SquaresContext context;
  context.make = [] {
    digits::DigitsOptions grey;
    grey.binarization = Binarization::none;
    return std::make_unique<digits::Digits>(grey, SquaresContext());
  };
  ClutteredMnistOptions options = small_options();
  options.size = 28;
  options.distractors = 0;
  const ClutteredMnist data(options, context);
  const auto source = context.make();
  const std::vector<std::int64_t> indices = {0, 63, 64, 9999};
  EXPECT_EQ(filled(data, Split::test, indices).images, filled(*source, Split::test, indices).images);
  EXPECT_EQ(filled(data, Split::test, indices).labels, filled(*source, Split::test, indices).labels);
}

TEST(ClutteredMnist, IsThePicturesOfThisGeneratorVersion) {
  // Where this changes on purpose, kGeneratorVersion must be raised too.
  EXPECT_EQ(kGeneratorVersion, 1);
  std::string bytes;
  for (const float level : filled(made(small_options()), Split::train, first(12), 2).images) {
    bytes += static_cast<char>(std::lround(level * 255));
  }
  EXPECT_EQ(sha256_of(bytes), "33ef5b91ecc9da76ef74f823441e6968587a7ff719de3cdaa5f70237c1d6e0b8");
}

TEST(ClutteredMnist, RefusesSamplesOutsideASplit) {
  const ClutteredMnist data = made(small_options());
  EXPECT_THROW(filled(data, Split::train, {12}), ShapeError);
}

}  // namespace
}  // namespace drawlab::cluttered_mnist
