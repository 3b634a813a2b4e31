#include "conformance/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace drawlab::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

enum class Shape { round, square };

struct Sample {
  int size = 5;
  std::int64_t seed = 0;
  double rate = 0.5;
  double sharpness = 1;
  bool fused = true;
  Shape shape = Shape::round;
  std::string path;

  void declare(OptionTable& table) {
    table.integer("size", size, 1, 64, "a size");
    table.integer("seed", seed, 0, std::numeric_limits<std::int64_t>::max(), "a seed");
    table.real("rate", rate, -0.5, 2.5, "a rate");
    table.real("sharpness", sharpness, 0, std::numeric_limits<double>::infinity(), "a sharpness");
    table.flag("fused", fused, "a choice of form");
    table.choice<Shape>("shape", shape, {{"round", Shape::round}, {"square", Shape::square}}, "a shape");
    table.text("path", path, "a folder").is_path();
  }
};

std::vector<std::string> labels(const std::vector<Variant>& variants) {
  std::vector<std::string> found;
  for (const Variant& variant : variants) found.push_back(variant.label);
  return found;
}

std::unique_ptr<PluginOptions> sample() { return std::make_unique<TypedOptions<Sample>>(); }

TEST(ConformanceOptions, TriesBothEndsAndEveryWord) {
  EXPECT_THAT(labels(ends(sample()->table())),
              ElementsAre("size: 1", "size: 64", "seed: 0", "rate: -0.5", "rate: 2.5", "sharpness: 0", "fused: false",
                          "fused: true", "shape: round", "shape: square"));
}

TEST(ConformanceOptions, ChangesWhatMattersToTheResultByALittle) {
  EXPECT_THAT(labels(changes(sample()->table())),
              ElementsAre("size: 6", "seed: 1", "rate: 1.5", "sharpness: 2", "fused: false", "shape: square"));
}

TEST(ConformanceOptions, TakesWordsThatLookLikeRangesForWords) {
  struct Odd {
    int mode = 0;
    void declare(OptionTable& table) {
      table.choice<int>("mode", mode, {{"1..2", 0}, {"3 or more", 1}, {"a | b", 2}}, "a mode");
    }
  };
  const MakeOptions odd = [] { return std::make_unique<TypedOptions<Odd>>(); };
  EXPECT_THAT(labels(ends(odd()->table())), ElementsAre("mode: 1..2", "mode: 3 or more", "mode: \"a | b\""));
  EXPECT_THAT(labels(changes(odd()->table())), ElementsAre("mode: 3 or more", "mode: \"a | b\""));
  Findings findings;
  check_options(odd, findings);
  EXPECT_THAT(findings.failures(), IsEmpty());
}

TEST(ConformanceOptions, StepsDownFromADefaultAtTheUpperEnd) {
  struct Full {
    int size = 8;
    void declare(OptionTable& table) { table.integer("size", size, 2, 8, "a size"); }
  };
  EXPECT_THAT(labels(changes(TypedOptions<Full>().table())), ElementsAre("size: 7"));
}

TEST(ConformanceOptions, FindNothingWrongWithASoundTableAndNothingToSayOfAnEmptyOne) {
  Findings sound;
  check_options(sample, sound);
  EXPECT_THAT(sound.failures(), IsEmpty());
  EXPECT_THAT(sound.skipped(), IsEmpty());
  Findings none;
  check_options([] { return std::make_unique<TypedOptions<NoOptions>>(); }, none);
  EXPECT_EQ(none.skipped(), "the plugin has no options");
}

TEST(ConformanceOptions, MissADescription) {
  struct Silent {
    int size = 1;
    void declare(OptionTable& table) { table.integer("size", size, 1, 2, ""); }
  };
  Findings findings;
  check_options([] { return std::make_unique<TypedOptions<Silent>>(); }, findings);
  EXPECT_THAT(findings.failures(), ElementsAre("option 'size' is not described"));
}

}  // namespace
}  // namespace drawlab::conformance
