#include "drawlab/diagnostics.hpp"

#include "sentences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drawlab {
namespace {

using ::testing::ElementsAre;

template <class Failure>
std::string error_of(const Diagnostics& diagnostics) {
  try {
    diagnostics.throw_if_errors();
  } catch (const Failure& error) {
    return error.what();
  }
  return "no error";
}

TEST(Diagnostics, CollectsEverySentenceOnceInOrderOfAppearance) {
  Diagnostics diagnostics;
  EXPECT_NO_THROW(diagnostics.throw_if_errors());
  diagnostics.error({"draw.yaml", 7, 12}, "size: 0 is outside 1..64");
  diagnostics.error({"draw.yaml", 3, 1}, "raed: unknown key");
  diagnostics.error({"draw.yaml", 7, 12}, "size: 0 is outside 1..64");
  diagnostics.warning({}, "exclude matches nothing");
  EXPECT_THAT(test::sentences(diagnostics.errors()),
              ElementsAre("draw.yaml:7:12: size: 0 is outside 1..64", "draw.yaml:3:1: raed: unknown key"));
  EXPECT_THAT(test::sentences(diagnostics.warnings()), ElementsAre("exclude matches nothing"));
  EXPECT_EQ(error_of<ConfigError>(diagnostics),
            "draw.yaml:7:12: size: 0 is outside 1..64\ndraw.yaml:3:1: raed: unknown key");
}

TEST(Diagnostics, SortsByTheLocationAndNotByTextThatLooksLikeOne) {
  Diagnostics diagnostics;
  diagnostics.error({"draw.yaml", 10, 1}, "late");
  diagnostics.error({"draw.yaml", 9, 12}, "size: 0 is outside 1..64, see x.yaml:1:2: above");
  diagnostics.error({"draw.yaml", 9, 3}, "early");
  diagnostics.error({}, "a.yaml:99:1: a sentence without a location");
  diagnostics.error({"--set seed", 0, 0}, "a location without a line");
  diagnostics.sort_by_location();
  EXPECT_THAT(test::sentences(diagnostics.errors()),
              ElementsAre("a.yaml:99:1: a sentence without a location", "--set seed: a location without a line",
                          "draw.yaml:9:3: early", "draw.yaml:9:12: size: 0 is outside 1..64, see x.yaml:1:2: above",
                          "draw.yaml:10:1: late"));
}

TEST(Diagnostics, GivesAFallbackToWhatHasNoLocation) {
  Diagnostics found;
  found.error({}, "x.yaml:1:2: is where the other one is");
  found.error({"draw.yaml", 4, 2}, "source: unknown");
  found.warning({}, "careful");
  Diagnostics diagnostics;
  diagnostics.merge(found, {"draw.yaml", 3, 1});
  diagnostics.merge(ConfigError("no place"), {"draw.yaml", 5, 1});
  diagnostics.merge(ConfigError({"draw.yaml", 6, 7}, "a place"), {"draw.yaml", 5, 1});
  EXPECT_THAT(test::sentences(diagnostics.errors()),
              ElementsAre("draw.yaml:3:1: x.yaml:1:2: is where the other one is", "draw.yaml:4:2: source: unknown",
                          "draw.yaml:5:1: no place", "draw.yaml:6:7: a place"));
  EXPECT_THAT(test::sentences(diagnostics.warnings()), ElementsAre("draw.yaml:3:1: careful"));
}

TEST(Diagnostics, KeepTheirValuesInTheErrorThatIsThrown) {
  Diagnostics diagnostics;
  diagnostics.error({"draw.yaml", 7, 12}, "one");
  diagnostics.error({}, "two");
  try {
    diagnostics.throw_if_errors();
    FAIL() << "nothing was thrown";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.diagnostics(), diagnostics.errors());
  }
}

TEST(Diagnostics, ThrowWhatTheirCauseAsksForAndTheConfigurationGoesFirst) {
  const std::string refusal = "libdrawlab_odd.so: built for another drawlab";
  Diagnostics diagnostics;
  diagnostics.error({}, "mnist is cut", Cause::data);
  EXPECT_EQ(error_of<DataError>(diagnostics), "mnist is cut");
  diagnostics.error({"draw.yaml", 2, 1}, "read: " + refusal, Cause::plugin);
  EXPECT_EQ(error_of<PluginError>(diagnostics), "mnist is cut\ndraw.yaml:2:1: read: " + refusal);
  // The text contains a refusal; the mistake is the user's nevertheless.
  diagnostics.error({"draw.yaml", 3, 1}, "write: 'odd' cannot write (" + refusal + ")");
  EXPECT_NE(error_of<ConfigError>(diagnostics), "no error");
}

TEST(NearestWord, ForgivesMissingAddedWrongAndSwappedLetters) {
  const std::vector<std::string> known = {"glimpses", "hidden", "latent", "learning_rate"};
  EXPECT_EQ(nearest_word("glimpse", known), "glimpses");
  EXPECT_EQ(nearest_word("hiddden", known), "hidden");
  EXPECT_EQ(nearest_word("latant", known), "latent");
  EXPECT_EQ(nearest_word("haddin", known), "hidden");
  EXPECT_EQ(nearest_word("ltaent", known), "latent");
  EXPECT_EQ(nearest_word("Learning-Rate", known), "learning_rate");
}

TEST(NearestWord, CountsASwapOfNeighboursAsOneMistake) {
  EXPECT_EQ(nearest_word("raed", {"rate", "read"}), "read");
  EXPECT_EQ(nearest_word("sz", {"zs"}), "zs");
}

TEST(NearestWord, StaysSilentWhereNothingIsNear) {
  EXPECT_EQ(nearest_word("optimizer", {"size", "path"}), "");
  EXPECT_EQ(nearest_word("x", {"z"}), "");
  EXPECT_EQ(nearest_word("size", {}), "");
}

TEST(Suggestion, ListsWhatIsKnownWhereNothingIsNear) {
  EXPECT_EQ(suggestion("sise", {"size", "path"}), "; did you mean 'size'?");
  EXPECT_EQ(suggestion("optimizer", {"size", "path"}), "; known: size, path");
  EXPECT_EQ(suggestion("size", {}), "; none is known");
}

}  // namespace
}  // namespace drawlab
