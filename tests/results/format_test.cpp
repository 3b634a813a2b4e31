#include "results/format.hpp"

#include "drawlab/error.hpp"

#include "results/display_width.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace drawlab::results {
namespace {

// Everything that has to be escaped somewhere.
Table awkward_table() {
  const double infinity = std::numeric_limits<double>::infinity();
  Table table;
  table.columns = {"run", "label", "test_nll", "share", "bytes"};
  table.rows = {
      {std::int64_t{1}, std::string("plain"), 98.3412345, 0.25, {}},
      {std::int64_t{-20}, std::string("comma, \"quote\" | pipe\nline\ttab \\ end"), 118.5, 1e-9,
       std::vector<std::uint8_t>{0, 255, 16}},
      {std::int64_t{300}, std::string("50% of $x_1^2$ {a} & #b ~ <c>"), {}, infinity, std::vector<std::uint8_t>{}},
      {{}, std::string("größe 数字 e\u0301 *_bold_*"), 0.1 + 0.2, 0.0, {}},
  };
  return table;
}

std::string expected(const std::string& name) {
  return read_text(std::filesystem::path(DRAWLAB_TEST_DATA) / "formats" / name);
}

class FormatTest : public testing::TestWithParam<std::string> {};

TEST_P(FormatTest, WritesTheExpectedText) {
  EXPECT_EQ(format_table(awkward_table(), format_of(GetParam())), expected("awkward." + GetParam()));
}

TEST_P(FormatTest, WritesATableWithoutRows) {
  Table table;
  table.columns = {"run", "label"};
  EXPECT_EQ(format_table(table, format_of(GetParam())), expected("empty." + GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, FormatTest, testing::ValuesIn(format_names()),
                         [](const testing::TestParamInfo<std::string>& test) { return test.param; });

TEST(Formats, KeepTheOthersDecimalsBesideOneLargeNumber) {
  Table table;
  table.columns = {"nll", "rounded"};
  table.rows = {{98.3412345, 3.91}, {5514.68412, 38.57}, {101.25, 1.5}};
  EXPECT_EQ(format_table(table, Format::csv), "nll,rounded\n98.3412345,3.91\n5514.68412,38.57\n101.25,1.5\n");
  EXPECT_EQ(format_table(table, Format::table),
            "    nll  rounded\n"
            "-------  -------\n"
            "  98.34     3.91\n"
            "5514.68    38.57\n"
            " 101.25     1.50\n");
}

TEST(Formats, OfJsonReadBackToTheSameValues) {
  const auto json = nlohmann::json::parse(format_table(awkward_table(), Format::json));
  ASSERT_EQ(json.size(), 4U);
  EXPECT_EQ(json[3]["test_nll"].get<double>(), 0.1 + 0.2);
  EXPECT_EQ(json[1]["label"], "comma, \"quote\" | pipe\nline\ttab \\ end");
  EXPECT_TRUE(json[2]["share"].is_null());
  EXPECT_TRUE(json[0]["bytes"].is_null());
  EXPECT_EQ(json[1]["bytes"], "00ff10");
}

TEST(Formats, OfJsonKeepTwoColumnsOfOneNameApart) {
  Table table;
  table.columns = {"run", "run"};
  table.rows = {{std::int64_t{1}, std::int64_t{2}}};
  EXPECT_EQ(format_table(table, Format::jsonl), "{\"run\": 1, \"run_2\": 2}\n");
}

TEST(Formats, AnUnknownOneGetsTheNearestName) {
  try {
    format_of("markdwon");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(), "--format: there is no format 'markdwon'; did you mean 'markdown'?");
  }
}

TEST(DisplayWidth, CountsWhatATerminalShows) {
  EXPECT_EQ(display_width("plain"), 5U);
  EXPECT_EQ(display_width("größe"), 5U);
  EXPECT_EQ(display_width("数字"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("±…"), 2U);
  EXPECT_EQ(display_width("\xff\xfe"), 2U) << "bytes that are no UTF-8 count one each";
}

TEST(TerminalText, LetsNothingThroughThatSpeaksToATerminal) {
  EXPECT_EQ(terminal_text("a\x1b[31m\tb\nc\x7f"), "a [31m b c ");
  EXPECT_EQ(terminal_text("a\xC2\x9B"
                          "31m\xC2\x85"
                          "b\xC2\xA0"),
            "a 31m b\xC2\xA0")
      << "the controls of C1";
  EXPECT_EQ(terminal_text("\x9B"
                          "31m \xC3"),
            "\uFFFD31m \uFFFD");
  EXPECT_EQ(terminal_text("grüße 😀"), "grüße 😀");
  for (const Format format : {Format::table, Format::markdown, Format::latex}) {
    const std::string text = format_table({{"a\x1b"}, {{std::string("b\x1b[2J\xC2\x9B")}}}, format);
    EXPECT_EQ(text.find_first_of("\x1b\x9B"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace drawlab::results
