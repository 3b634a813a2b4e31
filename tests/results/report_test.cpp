#include "results/reports/report.hpp"

#include "drawlab/error.hpp"

#include "results/pictures/drawing_sheet.hpp"
#include "results/pictures/grid.hpp"
#include "results/pictures/png.hpp"
#include "results/reports/plot.hpp"
#include "results/reports/sections.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace drawlab::results {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Drawing drawing_of(std::int64_t glimpses, std::int64_t count, bool reconstructs) {
  Drawing drawing;
  drawing.image = {1, 28, 28};
  drawing.count = count;
  drawing.glimpses = glimpses;
  for (std::int64_t i = 0; i < glimpses * count * 784; ++i) drawing.frames.push_back(static_cast<float>(i % 7) / 7);
  if (reconstructs) drawing.originals.assign(static_cast<std::size_t>(count * 784), 1);
  return drawing;
}

TEST(SheetLayout, SaysWhereEveryFrameIs) {
  const auto layout = sequence_image(drawing_of(5, 3, false), 1, "samples").layout;
  ASSERT_TRUE(layout);
  EXPECT_FALSE(layout->has_original);
  EXPECT_THAT(layout->lefts, ElementsAre(4, 92, 180, 268, 356));
  EXPECT_THAT(layout->tops, ElementsAre(4, 92, 180));
  EXPECT_EQ(layout->width, 84);
  EXPECT_EQ(layout->height, 84);
  EXPECT_THAT(layout->glimpses, ElementsAre(1, 2, 3, 4, 5));
}

TEST(SheetLayout, SetsTheOriginalApartByAWiderGap) {
  const auto layout = sequence_image(drawing_of(40, 2, true), 1, "reconstructions").layout;
  ASSERT_TRUE(layout);
  EXPECT_TRUE(layout->has_original);
  ASSERT_EQ(layout->lefts.size(), 17U);
  EXPECT_EQ(layout->lefts[1] - layout->lefts[0], 84 + 16);
  EXPECT_EQ(layout->of, 40);
}

TEST(SheetLayout, ComesBackFromItsTextAndFromNoOther) {
  const auto layout = sequence_image(drawing_of(40, 2, true), 1, "reconstructions").layout;
  EXPECT_EQ(parse_layout(layout_json(*layout)), layout);
  for (const char* text : {"", "{}", "[1, 2]", R"({"lefts": "4"})", "no JSON"})
    EXPECT_FALSE(parse_layout(text)) << text;
}

TEST(RoundTicks, CoverTheRangeInStepsOfOneTwoOrFive) {
  EXPECT_THAT(round_ticks(0, 10, 6), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(round_ticks(81.2, 119.9, 6), ElementsAre(80, 90, 100, 110, 120));
  EXPECT_THAT(round_ticks(-0.04, 0.05, 4), ElementsAre(-0.05, 0, 0.05));
}

TEST(PlotLayout, PutsTheFirstAndLastPointAtTheSidesAndLeavesOutWhatIsNoNumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const PlotLayout layout =
      lay_out_plot({{"a", 0, false, {{1, 100}, {2, nan}, {3, 50}}}, {"b", 1, true, {{3, 0}}}}, true);
  ASSERT_EQ(layout.paths.size(), 2U);
  EXPECT_EQ(layout.paths[0].points, "56.0,22.0 632.0,153.0");
  EXPECT_EQ(layout.paths[1].points, "");
  EXPECT_DOUBLE_EQ(layout.paths[1].last_y, kPlotBottom);
  ASSERT_EQ(layout.x_ticks.size(), 3U);
  EXPECT_EQ(layout.x_ticks[1].label, "2");
}

TEST(PlotLayout, HasRoomForLinesThatDoNotChange) {
  const PlotLayout layout = lay_out_plot({{"a", 0, false, {{1, 7}, {2, 7}}}}, true);
  EXPECT_GT(layout.paths[0].last_y, kPlotTop);
  EXPECT_LT(layout.paths[0].last_y, kPlotBottom);
  EXPECT_TRUE(lay_out_plot({}, true).paths.empty());
}

TEST(PlotLayout, TakesNumbersOfAnySize) {
  const PlotLayout layout = lay_out_plot({{"a", 0, false, {{1, 1e100}, {2, 3e100}, {3, 1e308}}}}, true);
  ASSERT_FALSE(layout.y_ticks.empty());
  EXPECT_EQ(layout.y_ticks.front().label, "1e+100");
  EXPECT_EQ(lay_out_plot({{"a", 0, false, {{1, 0}, {2, 1.2e7}}}}, true).y_ticks[4].label, "8000000");
  EXPECT_EQ(lay_out_plot({{"a", 0, false, {{1, 0}, {2, 1.2e7}}}}, true).y_ticks[6].label, "1.2e+07");
}

TEST(PlotLayout, LetsFirstPointsLieOutsideThatDoNotScaleIt) {
  PlotLine train{"a", 0, true, {{1, 500}, {2, 95}, {3, 85}}};
  train.unscaled = 1;
  const PlotLayout layout = lay_out_plot({{"a", 0, false, {{1, 100}, {2, 90}, {3, 80}}}, train}, true);
  EXPECT_EQ(layout.y_ticks.back().label, "100");
  EXPECT_TRUE(layout.paths[1].points.starts_with("56.0,-")) << layout.paths[1].points;
  train.points = {{1, 500}};
  EXPECT_EQ(lay_out_plot({train}, true).paths[0].last_x,
            lay_out_plot({{"b", 0, false, {{1, 3}}}}, true).paths[0].last_x);
}

TEST(ReadableText, KeepsTextAndReplacesWhatIsNone) {
  EXPECT_EQ(readable_text("grüße\n😀 \xE2\x80\xAE"), "grüße\n😀 \xE2\x80\xAE");
  EXPECT_EQ(readable_text(std::string("a\0b\x1b[31m", 8)), "a\uFFFDb\uFFFD[31m");
  EXPECT_EQ(readable_text("\xC3(\xFF\xED\xA0\x80"), "\uFFFD(\uFFFD\uFFFD\uFFFD\uFFFD");
}

class ReportTest : public testing::Test {
 protected:
  RunId add(int cell, std::uint64_t seed, double nll) {
    NewRun run = new_run(std::to_string(cell) + "/" + std::to_string(seed));
    run.label = "cell <" + std::to_string(cell) + ">";
    run.config =
        R"({"model":{"glimpses":3,"hidden":)" + std::to_string(cell) + R"(},"seed":)" + std::to_string(seed) + "}";
    run.seed = seed;
    const RunId id = store.put_run(run);
    store.acquire(id, "holder", this_machine());
    std::vector<Metric> metrics;
    for (std::int64_t epoch = 1; epoch <= 3; ++epoch) {
      for (const Split split : {Split::train, Split::validation}) {
        for (const Quantity quantity : {Quantity::nll, Quantity::reconstruction, Quantity::kl}) {
          metrics.push_back({epoch, {split, quantity}, nll + 10.0 / static_cast<double>(epoch)});
        }
      }
    }
    for (const char* name : {"test_nll", "test_reconstruction", "test_kl", "test_kl_glimpse_1", "test_kl_glimpse_2"}) {
      metrics.push_back({3, *parse_metric(name), nll});
    }
    store.put_metrics(id, metrics);
    const Drawing drawing = drawing_of(3, 4, false);
    store.put_image(id, samples_image(drawing, 3));
    store.put_image(id, sequence_image(drawing, 3, "samples"));
    store.release(id, "holder", Status::done);
    return id;
  }
  static std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++found;
    return found;
  }

  TemporaryFolder folder;
  Store store{folder / "results.sqlite"};
};

TEST_F(ReportTest, RanksTheCellsAndEscapesTheirNames) {
  for (const std::uint64_t seed : {1, 2}) {
    add(1, seed, 90 + static_cast<double>(seed));
    add(2, seed, 80 + static_cast<double>(seed));
  }
  const std::string page = experiment_report(store, "ablation");
  EXPECT_LT(page.find("cell &lt;2&gt;"), page.find("cell &lt;1&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("cell <")));
  EXPECT_THAT(page, HasSubstr("81.50 ± 0.71"));
  EXPECT_THAT(page, HasSubstr("+10.00 ± 0.00"));
  EXPECT_THAT(page, HasSubstr("digits, checksum c0ffee, drawn by this program"));
  EXPECT_EQ(count(page, "<img "), 4U);
  EXPECT_EQ(count(page, "data-frames="), 2U);
  EXPECT_EQ(experiment_report(store, "ablation"), page);
}

TEST_F(ReportTest, ShowsASequenceWithoutALayoutAsAStillPicture) {
  const RunId id = add(1, 1, 90);
  ImageRow image = sequence_image(drawing_of(3, 4, false), 3, "samples");
  image.layout.reset();
  store.put_image(id, image);
  const std::string page = experiment_report(store, "ablation");
  EXPECT_EQ(count(page, "<img "), 2U);
  EXPECT_EQ(count(page, "data-frames="), 0U);
}

TEST_F(ReportTest, DrawsTheBestTwelveCellsAndNamesAll) {
  for (int cell = 1; cell <= 14; ++cell) add(cell, 1, cell);
  const std::string page = experiment_report(store, "ablation");
  EXPECT_EQ(count(page, "<img "), 24U);
  EXPECT_THAT(page, HasSubstr("of the best 12 of 14 cells"));
  EXPECT_THAT(page, HasSubstr("cell &lt;14&gt;"));
  EXPECT_LT(page.size(), 5'000'000U);
}

TEST_F(ReportTest, StaysBelowFiveMegabytesWithPicturesInColour) {
  for (int cell = 1; cell <= 12; ++cell) {
    const RunId id = add(cell, 1, cell);
    Drawing drawing;
    drawing.image = {3, 32, 32};
    drawing.count = 8;
    drawing.glimpses = 16;
    std::minstd_rand random(static_cast<unsigned>(cell));
    for (std::int64_t i = 0; i < 16 * 8 * drawing.image.count(); ++i) {
      // Noise on a slope, as of a model that has learnt little.
      drawing.frames.push_back(static_cast<float>(i % 32) / 64 + static_cast<float>(random() % 1000) / 2000);
    }
    store.put_image(id, samples_image(drawing, 3));
    store.put_image(id, sequence_image(drawing, 3, "samples"));
  }
  const std::string page = experiment_report(store, "ablation");
  EXPECT_EQ(count(page, "<img "), 24U);
  EXPECT_LT(page.size(), 5'000'000U);
  EXPECT_THAT(page, HasSubstr("compressed with some loss"));
}

TEST_F(ReportTest, KeepsPicturesExactWhereTheyAreSmall) {
  add(1, 1, 90);
  EXPECT_THAT(experiment_report(store, "ablation"), Not(HasSubstr("compressed with some loss")));
}

TEST_F(ReportTest, LeavesOutAPictureThatIsTooLargeToShow) {
  const RunId id = add(1, 1, 90);
  store.put_image(id, {"data", "data", "png", "wide", 3, encode_png(Pixels(20'000, 2, 1, {}))});
  const std::string page = experiment_report(store, "ablation");
  EXPECT_EQ(count(page, "<img "), 2U);
  EXPECT_THAT(page, HasSubstr("1 recorded pictures cannot be"));
}

TEST_F(ReportTest, NamesTheKindOfImportanceBoundsInTheHeading) {
  const RunId id = add(1, 1, 90);
  EvaluationRow row;
  row.split = Split::test;
  row.samples = 200;
  row.kind = BoundKind::importance;
  row.importance_samples = 50;
  row.nll = 80;
  row.checkpoint_sha256 = "ab";
  store.put_evaluation(id, row);
  EXPECT_THAT(experiment_report(store, "ablation"), HasSubstr("Importance-weighted, K = 50, 200 images</th>"));
  store.put_checkpoint(id, folder / "checkpoint", "cd", 3, 3);
  EXPECT_THAT(experiment_report(store, "ablation"), Not(HasSubstr("mportance-weighted")));
}

TEST_F(ReportTest, DrawsMeansOfRunsThatAreDoneAsFarAsAllOfThemTrained) {
  const RunId longer = add(1, 1, 90);
  add(1, 2, 70);
  store.put_metrics(longer, std::vector<Metric>{{4, {Split::validation, Quantity::nll}, 7777},
                                                {4, {Split::test, Quantity::nll}, 50}});
  NewRun unfinished = new_run("another seed");
  unfinished.config = R"({"model":{"glimpses":3,"hidden":1},"seed":3})";
  unfinished.seed = 3;
  store.put_metrics(store.put_run(unfinished), std::vector<Metric>{{1, {Split::validation, Quantity::nll}, 5000}});
  const std::string page = experiment_report(store, "ablation");
  EXPECT_THAT(page, HasSubstr("from 90.0 to 83.33"));
  EXPECT_THAT(page, Not(HasSubstr("7777")));
  // The test numbers of both, wherever each ended.
  EXPECT_THAT(page, HasSubstr(R"("name":"cell \u003c1>, test","unscaled":0,"values":[null,null,60.0])"));
}

TEST_F(ReportTest, NamesWhatFailedWithItsError) {
  NewRun run = new_run("broken");
  const RunId id = store.put_run(run);
  store.acquire(id, "holder", this_machine());
  store.release(id, "holder", Status::failed, "out of memory & <luck>");
  const std::string page = experiment_report(store, "ablation");
  EXPECT_THAT(page, HasSubstr("out of memory &amp; &lt;luck&gt;"));
  EXPECT_THAT(page, HasSubstr("1 failed or diverged"));
  EXPECT_THAT(page, Not(HasSubstr("id=\"curves\"")));
}

TEST_F(ReportTest, ShowsWhatClassifiersTookLabelsFor) {
  const RunId id = add(1, 1, 0.1);
  EXPECT_THAT(experiment_report(store, "ablation"), Not(HasSubstr("id=\"confusions\"")));
  store.put_confusion(id, Split::test, std::vector<std::int64_t>{90, 10, 0, 0, 40, 1, 3, 0, 0});
  const std::string page = experiment_report(store, "ablation");
  EXPECT_THAT(page, HasSubstr("id=\"confusions\""));
  EXPECT_THAT(page, HasSubstr(R"(<tr><th scope="row">0</th><td class="number d5 right">90</td>)"
                              R"(<td class="number d2">10</td><td class="number d0">0</td></tr>)"));
  EXPECT_THAT(page, HasSubstr(R"(<tr><th scope="row">2</th><td class="number d5">3</td>)"));
}

TEST_F(ReportTest, RefusesAnExperimentWithoutRuns) {
  add(1, 1, 90);
  try {
    experiment_report(store, "ablatoin");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'ablation'?"));
  }
}

}  // namespace
}  // namespace drawlab::results
