#include "runner/experiment/plan.hpp"

#include "drawlab/error.hpp"

#include "runner/exit_code.hpp"
#include "sandbox.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace drawlab::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class PlanTest : public ::testing::Test {
 protected:
  PlanTest() {
    folder_.write("plugins/libdrawlab_odd.so", "not a library");
    std::vector<std::filesystem::path> folders = PluginHost::standard_folders();
    folders.push_back(folder_.path() / "plugins");
    plugins_.emplace(folders);
  }

  /// The sentence with which the library that is none is refused.
  std::string refusal() {
    try {
      plugins_->read_write("odd");
    } catch (const PluginError& error) {
      return error.what();
    }
    return {};
  }

  /// Plans a cell with these settings; what is printed, and in which exit code it ends.
  struct Outcome {
    std::string text;
    int exit_code = kDone;
    std::vector<std::string> lines() const {
      std::vector<std::string> lines;
      for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        lines.push_back(text.substr(start, end - start));
        start = end + 1;
      }
      return lines;
    }
  };
  Outcome plan(const std::string& settings, std::vector<std::pair<std::string, std::string>> sets = {}) {
    const auto file = folder_.write("draw.yaml", "experiment: test\nbase:\n" + settings);
    PlanRequest request{{file}, std::move(sets), {}, true, true};
    try {
      make_plan(request, *plugins_, [](const std::string&) {});
      return {};
    } catch (const Error& error) {
      std::string text = error.what();
      const std::string path = folder_.path().string() + "/";
      for (std::size_t at = 0; (at = text.find(path + "draw.yaml", at)) != std::string::npos;) {
        text.erase(at, path.size());
      }
      return {text, exit_code_of(error)};
    }
  }

  test::TemporaryFolder folder_;
  std::optional<PluginHost> plugins_;
};

TEST_F(PlanTest, TakesARefusedPluginForAFaultOfTheInstallation) {
  const Outcome outcome = plan("  dataset: digits\n  read: odd\n  write: global\n");
  EXPECT_EQ(outcome.exit_code, kPlugin);
  EXPECT_EQ(outcome.text, "draw.yaml:4:9: read: " + refusal());
  EXPECT_EQ(plan("  dataset: odd\n  read: global\n  write: global\n").text, "draw.yaml:3:12: dataset: " + refusal());
}

TEST_F(PlanTest, TakesAMistakeForTheUsersThoughItQuotesARefusal) {
  const Outcome outcome = plan(fmt::format("  dataset: digits\n  read: odd\n  write: \"{}\"\n", refusal()));
  EXPECT_EQ(outcome.exit_code, kUsage);
  EXPECT_THAT(outcome.lines(), ElementsAre("draw.yaml:4:9: read: " + refusal(),
                                           StartsWith("draw.yaml:5:10: write: unknown plugin '" + refusal() + "'")));
}

TEST_F(PlanTest, GivesASourcesMistakeThePlaceOfItsDatasetThoughItQuotesAnother) {
  const Outcome outcome = plan(
      "  read: global\n  write: global\n"
      "  dataset: {cluttered_mnist: {source: \"x.yaml:1:2: nothing\"}}\n");
  EXPECT_EQ(outcome.exit_code, kUsage);
  EXPECT_THAT(outcome.text, StartsWith("draw.yaml:5:13: unknown plugin 'x.yaml:1:2: nothing'"));
}

TEST_F(PlanTest, TakesARefusedSourceForAFaultOfTheInstallation) {
  const Outcome outcome = plan("  read: global\n  write: global\n  dataset: {cluttered_mnist: {source: odd}}\n");
  EXPECT_EQ(outcome.exit_code, kPlugin);
  EXPECT_EQ(outcome.text, "draw.yaml:5:13: " + refusal());
}

TEST_F(PlanTest, SortsMistakesByTheirPlaceAndNotByTextThatLooksLikeOne) {
  const Outcome outcome =
      plan("  training: {epochs: -1}\n  dataset: digits\n  read: global\n  write: \"a.yaml:1:1: x\"\n  seed: -1\n",
           {{"model.glimpses", "\"a.yaml:99:9: many\""}});
  EXPECT_EQ(outcome.exit_code, kUsage);
  EXPECT_THAT(outcome.lines(),
              ElementsAre(StartsWith("--set model.glimpses: glimpses: "), StartsWith("draw.yaml:3:22: epochs: -1"),
                          StartsWith("draw.yaml:6:10: write: unknown plugin 'a.yaml:1:1: x'"),
                          StartsWith("draw.yaml:7:9: seed: -1")));
}

TEST_F(PlanTest, SaysOnceThatNoneOfAListIsThere) {
  const test::Environment data("DRAWLAB_DATA", folder_.path().string());
  const test::Environment cache("XDG_CACHE_HOME", folder_.path().string());
  const Outcome outcome = plan("  dataset: {first_available: [mnist, cifar10]}\n  read: global\n  write: global\n");
  EXPECT_EQ(outcome.exit_code, kUsage);
  EXPECT_THAT(outcome.lines(),
              ElementsAre(HasSubstr("dataset: none of first_available is on this machine: mnist is not in ")));
}

}  // namespace
}  // namespace drawlab::runner
