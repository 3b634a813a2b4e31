#include "drawlab/options.hpp"

#include "sentences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace drawlab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

enum class Ink { black, white };

struct Everything {
  int size = 2;
  std::uint64_t count = 0;
  double rate = 1e-3;
  bool loud = false;
  std::string path;
  Ink ink = Ink::black;
  ConfigNode source;

  void declare(OptionTable& table) {
    table.integer("size", size, 1, 64, "filters along each side")
        .integer("count", count, 0, std::numeric_limits<std::int64_t>::max(), "how many")
        .real("rate", rate, 0, 10, "step size")
        .flag("loud", loud, "whether it prints")
        .text("path", path, "where the files are")
        .is_path()
        .choice<Ink>("ink", ink, {{"black", Ink::black}, {"white", Ink::white}}, "colour of the pen")
        .settings("source", source, "another dataset");
  }
};

/// A map whose values stand in consecutive lines of draw.yaml.
ConfigNode written(const std::vector<std::pair<std::string, ConfigNode>>& entries) {
  ConfigNode map = ConfigNode::map({"draw.yaml", 1, 1});
  int line = 1;
  for (auto [key, value] : entries) {
    ++line;
    value.set_where({"draw.yaml", line, 9});
    ConfigNode::Entry& entry = map.entries().emplace_back();
    entry.key = key;
    entry.key_where = {"draw.yaml", line, 3};
    entry.value = value;
  }
  return map;
}

std::vector<std::string> errors_of(const ConfigNode& map) {
  TypedOptions<Everything> options;
  Diagnostics diagnostics;
  options.table().parse(map, diagnostics);
  return test::sentences(diagnostics.errors());
}

TEST(Options, SetsTheMembersThatWereWrittenAndKeepsTheOthersDefaults) {
  TypedOptions<Everything> options;
  Diagnostics diagnostics;
  options.table().parse(written({{"size", ConfigNode::integer(5)},
                                 {"rate", ConfigNode::integer(1)},
                                 {"ink", ConfigNode::text("white")},
                                 {"loud", ConfigNode::boolean(true)},
                                 {"source", ConfigNode::list({ConfigNode::integer(1)})}}),
                        diagnostics);
  EXPECT_THAT(test::sentences(diagnostics.errors()), IsEmpty());
  EXPECT_EQ(options.values.size, 5);
  EXPECT_EQ(options.values.rate, 1.0);
  EXPECT_EQ(options.values.ink, Ink::white);
  EXPECT_TRUE(options.values.loud);
  EXPECT_EQ(options.values.count, 0u);
  EXPECT_EQ(options.values.source.items().size(), 1u);
}

TEST(Options, TakesNothingForNoOptions) { EXPECT_THAT(errors_of(ConfigNode()), IsEmpty()); }

TEST(Options, TakesARealWithoutAFractionForAWholeNumber) {
  TypedOptions<Everything> options;
  Diagnostics diagnostics;
  options.table().parse(written({{"count", ConfigNode::real(1e3)}}), diagnostics);
  EXPECT_THAT(test::sentences(diagnostics.errors()), IsEmpty());
  EXPECT_EQ(options.values.count, 1000u);
}

TEST(Options, NamesTheRangeOfAValueOutsideIt) {
  EXPECT_THAT(
      errors_of(written(
          {{"size", ConfigNode::integer(0)}, {"count", ConfigNode::integer(-1)}, {"rate", ConfigNode::real(10.5)}})),
      ElementsAre("draw.yaml:2:9: size: 0 is outside 1..64", "draw.yaml:3:9: count: -1 is not 0 or more",
                  "draw.yaml:4:9: rate: 10.5 is outside 0..10"));
}

TEST(Options, RefusesWhatIsNotANumberInTheMathematicalSense) {
  EXPECT_THAT(errors_of(written({{"rate", ConfigNode::real(std::numeric_limits<double>::quiet_NaN())}})),
              ElementsAre("draw.yaml:2:9: rate: .nan is outside 0..10"));
}

TEST(Options, NamesTheNearestKeyForATypo) {
  EXPECT_THAT(errors_of(written({{"siez", ConfigNode::integer(3)}})),
              ElementsAre("draw.yaml:2:3: siez: unknown option; did you mean 'size'?"));
}

TEST(Options, ListsTheKnownKeysWhereNoneIsNear) {
  EXPECT_THAT(errors_of(written({{"optimizer", ConfigNode::integer(3)}})),
              ElementsAre("draw.yaml:2:3: optimizer: unknown option; "
                          "known: size, count, rate, loud, path, ink, source"));
}

TEST(Options, SaysThatAPluginWithoutOptionsKnowsNone) {
  TypedOptions<NoOptions> options;
  Diagnostics diagnostics;
  options.table().parse(written({{"size", ConfigNode::integer(3)}}), diagnostics);
  EXPECT_THAT(test::sentences(diagnostics.errors()), ElementsAre("draw.yaml:2:3: size: unknown option; none is known"));
}

TEST(Options, NamesTheKindThatWasFoundAndTheOneThatIsNeeded) {
  EXPECT_THAT(
      errors_of(written({{"size", ConfigNode::text("many")},
                         {"rate", ConfigNode::list()},
                         {"loud", ConfigNode::text("yes")},
                         {"path", ConfigNode::integer(7)},
                         {"ink", ConfigNode::integer(1)},
                         {"count", ConfigNode::real(2.5)}})),
      ElementsAre("draw.yaml:2:9: size: many is text, need a whole number (1..64)",
                  "draw.yaml:3:9: rate: [] is a list, need a number (0..10)",
                  "draw.yaml:4:9: loud: yes is text, need true or false",
                  "draw.yaml:5:9: path: 7 is a whole number, need text (in quotes where it looks like something else)",
                  "draw.yaml:6:9: ink: 1 is a whole number, need one of black | white",
                  "draw.yaml:7:9: count: 2.5 is a number, need a whole number (0 or more)"));
}

TEST(Options, SaysThatAKeyWithoutAValueNeedsOne) {
  EXPECT_THAT(errors_of(written({{"size", ConfigNode()}})),
              ElementsAre("draw.yaml:2:9: size: no value given, need a whole number (1..64)"));
}

TEST(Options, NamesTheNearestWordOfAChoice) {
  EXPECT_THAT(errors_of(written({{"ink", ConfigNode::text("whit")}})),
              ElementsAre("draw.yaml:2:9: ink: whit is none of black | white; did you mean 'white'?"));
}

TEST(Options, RefusesAKeyGivenTwice) {
  EXPECT_THAT(errors_of(written({{"size", ConfigNode::integer(3)}, {"size", ConfigNode::integer(4)}})),
              ElementsAre("draw.yaml:3:3: size: given twice, first at draw.yaml:2:3"));
}

TEST(Options, RefusesAnythingButAMap) {
  EXPECT_THAT(errors_of(ConfigNode::text("five", {"draw.yaml", 4, 2})),
              ElementsAre("draw.yaml:4:2: five is text, need a map of options"));
}

TEST(Options, ResolveToEveryOptionAndBack) {
  TypedOptions<Everything> options;
  options.values.size = 7;
  options.values.path = "/data";
  EXPECT_EQ(to_json(options.table().resolved()),
            R"({"count":0,"ink":"black","loud":false,"path":"/data","rate":0.001,"size":7,"source":null})");
  TypedOptions<Everything> again;
  Diagnostics diagnostics;
  again.table().parse(options.table().resolved(), diagnostics);
  EXPECT_THAT(test::sentences(diagnostics.errors()), IsEmpty());
  EXPECT_TRUE(again.table().resolved().same_value(options.table().resolved()));
}

TEST(Options, LeaveWhatCannotChangeAResultOutOfTheIdentity) {
  TypedOptions<Everything> options;
  options.values.path = "/data";
  EXPECT_EQ(options.table().resolved(true).find("path"), nullptr);
  EXPECT_NE(options.table().resolved(true).find("size"), nullptr);
}

TEST(Options, DescribeThemselvesWithTheInitialiserAsDefault) {
  const TypedOptions<Everything> options;
  const std::vector<OptionDescription> descriptions = options.table().descriptions();
  ASSERT_EQ(descriptions.size(), 7u);
  EXPECT_EQ(descriptions[0].name, "size");
  EXPECT_EQ(descriptions[0].kind, OptionKind::integer);
  EXPECT_EQ(descriptions[0].low.as_integer(), 1);
  EXPECT_EQ(descriptions[0].high.as_integer(), 64);
  EXPECT_EQ(descriptions[0].default_value.as_integer(), 2);
  EXPECT_STREQ(kind_name(descriptions[0].kind), "whole number");
  EXPECT_EQ(descriptions[0].range_text(), "1..64");
  EXPECT_EQ(descriptions[0].text, "filters along each side");
  EXPECT_TRUE(descriptions[0].affects_result);
  EXPECT_FALSE(descriptions[0].is_path);
  EXPECT_TRUE(descriptions[1].high.is_null());
  EXPECT_EQ(descriptions[1].range_text(), "0 or more");
  EXPECT_EQ(descriptions[2].default_value.preview(), "0.001");
  EXPECT_EQ(descriptions[3].range_text(), "true | false");
  EXPECT_EQ(descriptions[4].default_value.preview(), "\"\"");
  EXPECT_EQ(descriptions[4].range_text(), "");
  EXPECT_FALSE(descriptions[4].affects_result);
  EXPECT_TRUE(descriptions[4].is_path);
  EXPECT_THAT(descriptions[5].words, ElementsAre("black", "white"));
  EXPECT_EQ(descriptions[5].range_text(), "black | white");
  EXPECT_EQ(descriptions[6].kind, OptionKind::settings);
}

TEST(Options, KeepBoundsThatTextWouldNotTell) {
  struct Odd {
    std::int64_t large = 0;
    int mode = 0;
    void declare(OptionTable& table) {
      table.integer("large", large, -5, (std::int64_t{1} << 53) + 1, "beyond what a double tells apart")
          .choice<int>("mode", mode, {{"1..2", 0}, {"a | b", 1}, {"3 or more", 2}}, "words that look like ranges");
    }
  };
  TypedOptions<Odd> options;
  const auto descriptions = options.table().descriptions();
  EXPECT_EQ(descriptions[0].mistake_in(ConfigNode::integer((std::int64_t{1} << 53) + 1)), "");
  EXPECT_EQ(descriptions[0].mistake_in(ConfigNode::integer((std::int64_t{1} << 53) + 2)),
            "large: 9007199254740994 is outside -5..9007199254740993");
  EXPECT_THAT(descriptions[1].words, ElementsAre("1..2", "a | b", "3 or more"));
  EXPECT_TRUE(descriptions[1].low.is_null());
}

TEST(Options, RememberWhereEachWasWritten) {
  TypedOptions<Everything> options;
  Diagnostics diagnostics;
  options.table().parse(written({{"size", ConfigNode::integer(3)}}), diagnostics);
  EXPECT_EQ(options.table().where("size").text(), "draw.yaml:2:3");
  EXPECT_EQ(options.table().where("rate").text(), "draw.yaml:1:1");
  // A second reading of what the first one made still knows it.
  TypedOptions<Everything> again;
  again.table().parse(options.table().resolved(), diagnostics);
  EXPECT_EQ(again.table().where("size").text(), "draw.yaml:2:3");
  EXPECT_EQ(again.table().where("rate").text(), "draw.yaml:1:1");
}

}  // namespace
}  // namespace drawlab
