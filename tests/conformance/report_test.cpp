#include "conformance/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace drawlab::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ConformanceReport, TellsWhatPassedFailedAndWasSkipped) {
  std::vector<std::string> told;
  Report report({[&](const std::string& name) { told.push_back("start " + name); },
                 [&](const CheckResult& result) { told.push_back("end " + result.name); }});
  report.check("good", [](Findings&) {});
  report.check("bad", [](Findings& findings) {
    findings.fail("first");
    findings.fail("second");
  });
  report.check("absent", [](Findings& findings) { findings.skip("nothing to check"); });
  EXPECT_THAT(told, ElementsAre("start good", "end good", "start bad", "end bad", "start absent", "end absent"));
  ASSERT_EQ(report.results().size(), 3U);
  EXPECT_EQ(report.results()[0].outcome, CheckResult::Outcome::passed);
  EXPECT_THAT(report.results()[0].sentences, IsEmpty());
  EXPECT_EQ(report.results()[1].outcome, CheckResult::Outcome::failed);
  EXPECT_THAT(report.results()[1].sentences, ElementsAre("first", "second"));
  EXPECT_EQ(report.results()[2].outcome, CheckResult::Outcome::skipped);
  EXPECT_THAT(report.results()[2].sentences, ElementsAre("nothing to check"));
  EXPECT_FALSE(report.all_passed());
}

TEST(ConformanceReport, KeepsWhatAPassedCheckNotesBesideIt) {
  Report report;
  report.check("partial", [](Findings& findings) { findings.note("half of it"); });
  report.check("bad", [](Findings& findings) {
    findings.note("half of it");
    findings.fail("first");
  });
  EXPECT_EQ(report.results()[0].outcome, CheckResult::Outcome::passed);
  EXPECT_THAT(report.results()[0].sentences, ElementsAre("half of it"));
  EXPECT_THAT(report.results()[1].sentences, ElementsAre("first"));
}

TEST(ConformanceReport, TakesAnExceptionForAFailure) {
  Report report;
  report.check("thrown", [](Findings&) { throw std::runtime_error("index 9 of 3"); });
  EXPECT_THAT(report.results().front().sentences, ElementsAre("index 9 of 3"));
  EXPECT_FALSE(report.all_passed());
}

}  // namespace
}  // namespace drawlab::conformance
