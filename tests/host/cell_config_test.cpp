#include "configuration/cell_config.hpp"

#include "folders.hpp"
#include "sentences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drawlab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// A map whose keys stand in column 1 of consecutive lines of draw.yaml, from line `first` on, values in column 9.
ConfigNode section(int first, const std::vector<std::pair<std::string, ConfigNode>>& entries) {
  ConfigNode map = ConfigNode::map({"draw.yaml", first, 1});
  int line = first;
  for (auto [key, value] : entries) {
    if (value.where().line == 0) value.set_where({"draw.yaml", line, 9});
    map.set(key, value, {"draw.yaml", line, 1});
    ++line;
  }
  return map;
}

class CellConfigTest : public ::testing::Test {
 protected:
  ConfigNode cell() const {
    return section(1, {{"dataset", ConfigNode::text("flat")},
                       {"read", ConfigNode::text("window")},
                       {"write", ConfigNode::text("window")}});
  }

  CellConfig parse(const ConfigNode& node) { return CellConfig::parse(node, plugins, diagnostics); }

  PluginHost plugins{{DRAWLAB_TEST_PLUGINS}};
  Diagnostics diagnostics;
};

TEST_F(CellConfigTest, FillsInThePapersSettings) {
  const CellConfig config = parse(cell());
  EXPECT_THAT(test::sentences(diagnostics.errors()), IsEmpty());
  EXPECT_EQ(config.task, Task::generate);
  EXPECT_EQ(config.model.glimpses, 64);
  EXPECT_EQ(config.model.hidden, 256);
  EXPECT_EQ(config.model.latent, 100);
  EXPECT_EQ(config.seed, 1u);
  EXPECT_EQ(config.read.name, "window");
  EXPECT_EQ(to_json(config.read.options), R"({"size":2})");
  EXPECT_EQ(to_json(config.write.options), R"({"size":5})");
}

TEST_F(CellConfigTest, ReadsEverySection) {
  ConfigNode node = cell();
  ConfigNode read = ConfigNode::map();
  read.set("window", section(10, {{"size", ConfigNode::integer(12)}}));
  node.set("read", read);
  node.set("model", section(20, {{"glimpses", ConfigNode::integer(8)}, {"canvas_start", ConfigNode::text("zero")}}));
  node.set("training", section(30, {{"epochs", ConfigNode::integer(2)}, {"learning_rate", ConfigNode::real(1e3)}}));
  node.set("seed", ConfigNode::integer(42));
  const CellConfig config = parse(node);
  EXPECT_THAT(test::sentences(diagnostics.errors()), IsEmpty());
  EXPECT_EQ(to_json(config.read.options), R"({"size":12})");
  EXPECT_EQ(config.model.glimpses, 8);
  EXPECT_EQ(config.model.canvas_start, ModelOptions::CanvasStart::zero);
  EXPECT_EQ(config.training.epochs, 2);
  EXPECT_EQ(config.training.learning_rate, 1e3);
  EXPECT_EQ(config.seed, 42u);
}

TEST_F(CellConfigTest, ReportsEveryMistakeAtOnceWithItsPlace) {
  ConfigNode node = cell();
  ConfigNode read = ConfigNode::map({"draw.yaml", 2, 9});
  read.set("window", section(10, {{"size", ConfigNode::integer(0)}, {"sise", ConfigNode::integer(2)}}));
  node.set("read", read, {"draw.yaml", 2, 1});
  node.set("write", ConfigNode::text("windwo", {"draw.yaml", 3, 9}));
  node.set("dataset", ConfigNode::text("window", {"draw.yaml", 4, 9}));
  node.set("model", section(20, {{"glimpses", ConfigNode::text("many")}}));
  node.set("training", ConfigNode::integer(5, {"draw.yaml", 30, 9}));
  node.set("seed", ConfigNode::integer(-1, {"draw.yaml", 40, 9}));
  node.set("raed", ConfigNode::text("window"), {"draw.yaml", 50, 1});
  node.set("task", ConfigNode::text("generat", {"draw.yaml", 60, 9}));
  parse(node);
  EXPECT_THAT(
      test::sentences(diagnostics.errors()),
      UnorderedElementsAre(
          "draw.yaml:10:9: size: 0 is outside 1..64", "draw.yaml:11:1: sise: unknown option; did you mean 'size'?",
          "draw.yaml:3:9: write: unknown plugin 'windwo'; did you mean 'window'?",
          "draw.yaml:4:9: dataset: " + test::sound("window").string() +
              ": 'window' is a read/write plugin, need a dataset plugin",
          "draw.yaml:20:9: glimpses: many is text, need a whole number (1..1000)",
          "draw.yaml:30:9: training: 5 is a whole number, need a map of options",
          "draw.yaml:40:9: seed: -1 is not 0 or more", "draw.yaml:50:1: raed: unknown key; did you mean 'read'?",
          "draw.yaml:60:9: task: generat is none of generate | classify; did you mean 'generate'?"));
}

TEST_F(CellConfigTest, NamesOnlyPluginsThatFitAnUnknownName) {
  ConfigNode node = cell();
  node.set("write", ConfigNode::text("attention", {"draw.yaml", 3, 9}));
  parse(node);
  EXPECT_THAT(test::sentences(diagnostics.errors()),
              ElementsAre("draw.yaml:3:9: write: unknown plugin 'attention'; known: window"));
}

TEST_F(CellConfigTest, NamesAHalfThatThePluginDoesNotHave) {
  ConfigNode node = cell();
  node.set("write", ConfigNode::text("reader", {"draw.yaml", 3, 9}));
  parse(node);
  EXPECT_THAT(
      test::sentences(diagnostics.errors()),
      ElementsAre("draw.yaml:3:9: write: " + test::sound("reader").string() + ": 'reader' has no write options"));
}

TEST_F(CellConfigTest, ReadsARecordWithTheRetiredOptionFused) {
  const std::string json = R"({"dataset":{"flat":{}},"read":{"window":{"fused":true,"size":3}},)"
                           R"("write":{"window":{"fused":false,"size":4}}})";
  const CellConfig config = CellConfig::recorded(RecordedConfiguration(json, "run 1"), plugins);
  EXPECT_EQ(to_json(config.read.options), R"({"size":3})");
  EXPECT_EQ(to_json(config.write.options), R"({"size":4})");
  EXPECT_EQ(to_json(config.resolved(plugins)).find("fused"), std::string::npos);
}

TEST_F(CellConfigTest, DoesNotKnowTheRetiredOptionFusedInAFile) {
  ConfigNode node = cell();
  ConfigNode read = ConfigNode::map();
  read.set("window", section(10, {{"fused", ConfigNode::boolean(true)}}));
  node.set("read", read);
  parse(node);
  EXPECT_THAT(test::sentences(diagnostics.errors()), ElementsAre("draw.yaml:10:1: fused: unknown option; known: size"));
}

TEST_F(CellConfigTest, NamesAChoiceThatIsMissing) {
  parse(section(1, {{"dataset", ConfigNode::text("flat")}, {"read", ConfigNode::text("window")}}));
  EXPECT_THAT(test::sentences(diagnostics.errors()),
              ElementsAre("draw.yaml:1:1: write: missing, need a plugin's name, or {name: {option: value}}"));
}

TEST_F(CellConfigTest, WritesNothingToClassify) {
  ConfigNode node = cell();
  node.set("task", ConfigNode::text("classify"));
  node.set("model", section(20, {{"hidden", ConfigNode::integer(32)}, {"latent", ConfigNode::integer(10)}}));
  parse(node);
  EXPECT_THAT(
      test::sentences(diagnostics.errors()),
      ElementsAre("draw.yaml:3:9: write: a classifying cell writes nothing; leave it out, or set task: generate",
                  "draw.yaml:21:1: latent: a classifying model has none; known: glimpses, hidden, normalization"));
}

TEST_F(CellConfigTest, ResolvesAClassifyingCellWithoutWhatItDoesNotHave) {
  ConfigNode node = cell();
  node.set("task", ConfigNode::text("classify"));
  node.erase("write");
  const CellConfig config = parse(node);
  EXPECT_THAT(test::sentences(diagnostics.errors()), IsEmpty());
  const ConfigNode resolved = config.resolved(plugins);
  EXPECT_EQ(resolved.find("write"), nullptr);
  EXPECT_EQ(to_json(*resolved.find("model")),
            R"({"glimpses":64,"hidden":256,"normalization":"none","recurrent_start":"uniform"})");
}

TEST_F(CellConfigTest, ResolvesToATreeThatGivesTheSameCellAgain) {
  ConfigNode node = cell();
  node.set("training", section(30, {{"learning_rate", ConfigNode::real(0.1 + 0.2)}}));
  const ConfigNode resolved = parse(node).resolved(plugins);
  const CellConfig again = parse(from_json(to_json(resolved)));
  EXPECT_THAT(test::sentences(diagnostics.errors()), IsEmpty());
  EXPECT_EQ(to_json(again.resolved(plugins)), to_json(resolved));
  EXPECT_EQ(to_json(*resolved.find("dataset")), R"({"flat":{"path":"","shade":0.5}})");
  EXPECT_EQ(to_json(*resolved.find("write")), R"({"window":{"size":5}})");
}

TEST_F(CellConfigTest, LeavesPathsAndTimesOutOfItsIdentity) {
  ConfigNode node = cell();
  ConfigNode dataset = ConfigNode::map();
  dataset.set("flat", section(10, {{"path", ConfigNode::text("/data")}}));
  node.set("dataset", dataset);
  node.set("training", section(30, {{"checkpoint_seconds", ConfigNode::integer(5)}}));
  EXPECT_TRUE(parse(node).resolved(plugins, true).same_value(parse(cell()).resolved(plugins, true)));
  EXPECT_FALSE(parse(node).resolved(plugins).same_value(parse(cell()).resolved(plugins)));
  EXPECT_THAT(test::sentences(diagnostics.errors()), IsEmpty());
}

TEST(PluginChoice, IsANameOrANameWithOptions) {
  Diagnostics diagnostics;
  EXPECT_EQ(parse_plugin_choice("read", ConfigNode::text("gaussian"), diagnostics).name, "gaussian");
  ConfigNode named = ConfigNode::map();
  named.set("gaussian", ConfigNode());
  EXPECT_EQ(parse_plugin_choice("read", named, diagnostics).name, "gaussian");
  named.set("gaussian", section(4, {{"size", ConfigNode::integer(2)}}), {"draw.yaml", 4, 3});
  const PluginChoice choice = parse_plugin_choice("read", named, diagnostics);
  EXPECT_EQ(to_json(choice.options), R"({"size":2})");
  EXPECT_EQ(choice.where.text(), "draw.yaml:4:3");
  EXPECT_THAT(test::sentences(diagnostics.errors()), IsEmpty());
}

TEST(PluginChoice, SaysWhatIsNeededWhereItIsNeither) {
  Diagnostics diagnostics;
  const auto name_of = [&](ConfigNode node, int line) {
    node.set_where({"draw.yaml", line, 9});
    return parse_plugin_choice("read", node, diagnostics).name;
  };
  ConfigNode two = ConfigNode::map();
  two.set("global", ConfigNode());
  two.set("gaussian", ConfigNode());
  ConfigNode options = ConfigNode::map();
  options.set("gaussian", ConfigNode::integer(5, {"draw.yaml", 5, 12}));
  EXPECT_EQ(name_of(ConfigNode::integer(3), 1), "");
  EXPECT_EQ(name_of(ConfigNode(), 2), "");
  EXPECT_EQ(name_of(two, 3), "");
  EXPECT_EQ(name_of(options, 4), "");
  EXPECT_THAT(test::sentences(diagnostics.errors()),
              ElementsAre("draw.yaml:1:9: read: 3 is a whole number, need a plugin's name, or {name: {option: value}}",
                          "draw.yaml:2:9: read: nothing is given, need a plugin's name, or {name: {option: value}}",
                          "draw.yaml:3:9: read: {global: null, gaussian: null} names 2 plugins, need a plugin's name, "
                          "or {name: {option: value}}",
                          "draw.yaml:5:12: read: the options of 'gaussian' are a whole number (5), need a map of "
                          "options"));
}

}  // namespace
}  // namespace drawlab
