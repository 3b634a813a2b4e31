#include "drawlab/config.hpp"

#include "drawlab/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace drawlab {
namespace {

using ::testing::ElementsAre;

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

TEST(SourceLocation, LeavesLineAndColumnOutWhereThereIsNone) {
  EXPECT_EQ((SourceLocation{"draw.yaml", 7, 12}.text()), "draw.yaml:7:12");
  EXPECT_EQ((SourceLocation{"--set seed", 0, 0}.text()), "--set seed");
  EXPECT_EQ(SourceLocation{}.text(), "");
}

TEST(ConfigNode, KeepsMapEntriesInTheOrderInWhichTheyWereWritten) {
  ConfigNode map = ConfigNode::map();
  map.set("write", ConfigNode::text("global"));
  map.set("read", ConfigNode::text("gaussian"));
  map.set("write", ConfigNode::text("gaussian"));
  ASSERT_EQ(map.entries().size(), 2u);
  EXPECT_EQ(map.entries()[0].key, "write");
  EXPECT_EQ(map.find("write")->as_text(), "gaussian");
  map.erase("write");
  EXPECT_EQ(map.find("write"), nullptr);
  EXPECT_EQ(map.find("read")->as_text(), "gaussian");
}

TEST(ConfigNode, TakesAWholeNumberForARealButNotTheOtherWayRound) {
  EXPECT_EQ(ConfigNode::integer(3).as_real(), 3.0);
  EXPECT_EQ(error_of([] {
              ConfigNode::real(3.5, {"draw.yaml", 2, 4}).as_integer();
            }),
            "draw.yaml:2:4: found a number (3.5), need a whole number");
}

TEST(ConfigNode, SaysWhatIsMissingWhenAskedForTheWrongKind) {
  EXPECT_EQ(error_of([] { ConfigNode::list({ConfigNode::integer(1)}).as_text(); }), "found a list ([1]), need text");
  EXPECT_EQ(error_of([] { ConfigNode().as_boolean(); }), "found nothing (null), need true or false");
  EXPECT_EQ(error_of([] { ConfigNode::text("a").set("b", {}); }), "found text (a), need a map");
}

TEST(ConfigNode, ComparesValuesWhateverTheirPlaceAndOrder) {
  ConfigNode left = ConfigNode::map({"a", 1, 1});
  left.set("size", ConfigNode::integer(2));
  left.set("items", ConfigNode::list({ConfigNode::text("x"), ConfigNode()}));
  ConfigNode right = ConfigNode::map({"b", 2, 2});
  right.set("items", ConfigNode::list({ConfigNode::text("x"), ConfigNode()}));
  right.set("size", ConfigNode::real(2.0));
  EXPECT_TRUE(left.same_value(right));
  EXPECT_EQ(to_json(left), to_json(right));
  right.set("size", ConfigNode::real(2.5));
  EXPECT_FALSE(left.same_value(right));
  EXPECT_FALSE(ConfigNode::text("1").same_value(ConfigNode::integer(1)));
}

TEST(ConfigNode, TellsLargeWholeNumbersApartThatOneRealStandsFor) {
  const std::int64_t large = (std::int64_t{1} << 53) + 1;
  EXPECT_FALSE(ConfigNode::integer(large).same_value(ConfigNode::real(0x1p53)));
  EXPECT_TRUE(ConfigNode::integer(large - 1).same_value(ConfigNode::real(0x1p53)));
}

TEST(ConfigNode, PreviewsValuesAsAUserWritesThem) {
  EXPECT_EQ(ConfigNode::text("gaussian").preview(), "gaussian");
  EXPECT_EQ(ConfigNode::text("").preview(), "\"\"");
  EXPECT_EQ(ConfigNode::text("12").preview(), "\"12\"");
  EXPECT_EQ(ConfigNode::real(1e-3).preview(), "0.001");
  EXPECT_EQ(ConfigNode::real(std::numeric_limits<double>::infinity()).preview(), ".inf");
  ConfigNode map = ConfigNode::map();
  map.set("size", ConfigNode::list({ConfigNode::integer(2), ConfigNode::boolean(true)}));
  EXPECT_EQ(map.preview(), "{size: [2, true]}");
}

TEST(ConfigNode, ShortensPreviewsBetweenCharacters) {
  std::string long_text(38, 'a');
  long_text += "ééé";
  EXPECT_EQ(ConfigNode::text(long_text).preview(), std::string(38, 'a') + "…");
}

TEST(Json, SortsKeysAndWritesTheShortestDigits) {
  ConfigNode map = ConfigNode::map();
  map.set("b", ConfigNode::real(0.1));
  map.set("a", ConfigNode::list({ConfigNode::integer(-3), ConfigNode::boolean(false), ConfigNode(),
                                 ConfigNode::text("line\n\"quoted\""), ConfigNode::real(1e300)}));
  EXPECT_EQ(to_json(map), R"({"a":[-3,false,null,"line\n\"quoted\"",1e+300],"b":0.1})");
}

TEST(Json, ReadsBackWhatItWrote) {
  ConfigNode map = ConfigNode::map();
  map.set("learning_rate", ConfigNode::real(0.1 + 0.2));
  map.set("seed", ConfigNode::integer(std::numeric_limits<std::int64_t>::max()));
  map.set("large", ConfigNode::real(0x1p62));
  map.set("empty", ConfigNode::map());
  EXPECT_TRUE(from_json(to_json(map)).same_value(map));
  EXPECT_EQ(to_json(from_json(to_json(map))), to_json(map));
}

TEST(Json, NamesThePlaceOfTextThatIsNotJson) {
  EXPECT_EQ(error_of([] { from_json("{\n  \"a\": }", "run 3"); }), "run 3:2:8: this is not JSON");
}

}  // namespace
}  // namespace drawlab
