#include "conformance/plugin_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drawlab::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<CheckResult> checked(const std::string& name) {
  PluginHost host({DRAWLAB_PLANTED});
  Report report;
  const PluginDescriptor& descriptor = PluginHost::open(host.path_of(name));
  if (descriptor.kind == static_cast<std::uint32_t>(PluginKind::read_write)) {
    check_read_write(host.read_write(name), report);
  } else {
    check_dataset(host, name, report);
  }
  return report.results();
}

/// The names of the checks that a planted library fails.
std::vector<std::string> failed(const std::string& name) {
  std::vector<std::string> names;
  for (const CheckResult& result : checked(name)) {
    if (result.outcome == CheckResult::Outcome::failed) names.push_back(result.name);
  }
  return names;
}

/// The first sentence of a check that a planted library fails.
std::string sentence(const std::string& name, const std::string& check) {
  for (const CheckResult& result : checked(name)) {
    if (result.name == check && result.outcome == CheckResult::Outcome::failed) return result.sentences.front();
  }
  return "not failed";
}

TEST(Conformance, FindsNothingInASoundMode) { EXPECT_THAT(failed("sound"), IsEmpty()); }

TEST(Conformance, FindsNothingInAModeThatTakesSomeImagesOnlyAndNotesWhichAreLeftOut) {
  const std::vector<CheckResult> results = checked("grey_only");
  for (const CheckResult& result : results) {
    EXPECT_NE(result.outcome, CheckResult::Outcome::failed) << result.name;
    if (result.name != "read: shapes") continue;
    EXPECT_THAT(
        result.sentences,
        ElementsAre("left out: the defaults, image 3x9x7, 1 image: grey_only reads images of one channel, these "
                    "have 3"));
  }
}

TEST(Conformance, FindsAModeThatRefusesEveryImageAndGoesNoFurther) {
  EXPECT_THAT(failed("refusing"), ElementsAre("read: shapes"));
  EXPECT_EQ(sentence("refusing", "read: shapes"),
            "the defaults: the mode refuses every image that it is tried on; left out: the defaults, image 1x7x9, 2 "
            "images: refusing reads no image");
}

TEST(Conformance, FindsNothingInAnOptionThatChangesTheFirstParametersOnly) {
  EXPECT_THAT(failed("first_weights"), IsEmpty());
}

TEST(Conformance, FindsNothingInAnOptionThatCountsOnColourImagesOnly) {
  EXPECT_THAT(failed("colour_option"), IsEmpty());
}

TEST(Conformance, FindsNothingInAnOptionThatCountsBesideAnotherOnly) {
  EXPECT_THAT(failed("dependent_option"), IsEmpty());
  EXPECT_THAT(failed("dependent_data"), IsEmpty());
}

TEST(Conformance, FindsAWrongBackward) {
  EXPECT_THAT(failed("wrong_backward"), ElementsAre("read: gradients", "read: fused against composed"));
  EXPECT_THAT(
      sentence("wrong_backward", "read: gradients"),
      testing::MatchesRegex("the defaults, image 1x7x9, 2 images: the gradient of the state at number [0-9]+ is "
                            "[-0-9.e]+, finite differences give [-0-9.e]+ \\(error .*, norm .*\\)"));
}

TEST(Conformance, FindsAGradientThatIsOverwrittenInsteadOfAddedTo) {
  EXPECT_THAT(failed("overwritten_gradient"), ElementsAre("read: gradients", "read: fused against composed"));
  EXPECT_THAT(sentence("overwritten_gradient", "read: gradients"), HasSubstr("the gradient of the state at number"));
}

TEST(Conformance, FindsAWrongSign) {
  EXPECT_THAT(failed("wrong_sign"), ElementsAre("read: gradients", "read: fused against composed", "read: learning"));
}

TEST(Conformance, FindsALeakBetweenSamples) {
  EXPECT_THAT(failed("batch_leak"), ElementsAre("read: batch independence"));
  EXPECT_THAT(sentence("batch_leak", "read: batch independence"), HasSubstr("of 3 gives another result alone: error"));
}

TEST(Conformance, FindsHiddenMutableState) {
  EXPECT_THAT(failed("hidden_state"), Contains("read: repeatability"));
  EXPECT_THAT(sentence("hidden_state", "read: repeatability"), HasSubstr("the same call after another one"));
}

TEST(Conformance, FindsStateThatThreadsShare) {
  EXPECT_THAT(failed("racing"), ElementsAre("read: repeatability"));
  EXPECT_THAT(sentence("racing", "read: repeatability"), HasSubstr("on several threads at once, "));
}

TEST(Conformance, FindsAnOptionThatIsReadUnderAnotherName) {
  EXPECT_THAT(failed("misread_option"), ElementsAre("read: every option matters"));
  EXPECT_THAT(sentence("misread_option", "read: every option matters"), HasSubstr("scale: 1.5 changes nothing"));
}

TEST(Conformance, FindsTwoOptionsWithOneMember) {
  EXPECT_THAT(failed("shared_member"), ElementsAre("read: options"));
  EXPECT_THAT(sentence("shared_member", "read: options"),
              HasSubstr("scale: 0.5 also changes the option 'shift' from 1 to 0.5"));
}

TEST(Conformance, FindsPrecisionThatIsLost) {
  EXPECT_THAT(failed("imprecise"), ElementsAre("read: f32 against f64", "read: fused against composed"));
  EXPECT_THAT(sentence("imprecise", "read: f32 against f64"),
              HasSubstr("the result differs between f32 and f64: error"));
}

TEST(Conformance, FindsAComposedFormOfAnotherValue) {
  EXPECT_THAT(failed("unlike_composed"), ElementsAre("read: fused against composed"));
  EXPECT_THAT(sentence("unlike_composed", "read: fused against composed"),
              HasSubstr("the result differs between the fused and the composed form in f64: error"));
}

TEST(Conformance, FindsAComposedFormOfAnotherGradient) {
  EXPECT_THAT(failed("unlike_gradient"), ElementsAre("read: fused against composed"));
  EXPECT_THAT(sentence("unlike_gradient", "read: fused against composed"),
              HasSubstr("the gradient of the state differs between the fused and the composed form in f64: error"));
}

TEST(Conformance, SkipsTheComparisonOfAModeWithoutACustomOp) {
  for (const CheckResult& result : checked("first_weights")) {
    if (result.name != "read: fused against composed") continue;
    EXPECT_EQ(result.outcome, CheckResult::Outcome::skipped);
    EXPECT_THAT(result.sentences, ElementsAre("the mode has no custom_op, so there is one form only"));
  }
}

TEST(Conformance, FindsAResultOfTheWrongShapeAndGoesNoFurther) {
  EXPECT_THAT(failed("misshapen"), ElementsAre("read: shapes"));
  EXPECT_EQ(sentence("misshapen", "read: shapes"),
            "the defaults, image 1x7x9, 2 images, 1 sample: the result has shape [1, 125], need [1, 126]");
}

TEST(Conformance, GivesTheWordsOfAnOperationThatIsCalledWithWrongShapes) {
  EXPECT_THAT(failed("wrong_shapes"), ElementsAre("read: shapes"));
  EXPECT_THAT(sentence("wrong_shapes", "read: shapes"), HasSubstr("mul: shapes [1, 126] and [1, 2]"));
}

TEST(Conformance, FindsNumbersThatAreNotFinite) {
  EXPECT_THAT(failed("overflowing"), Contains("read: extremes"));
  EXPECT_THAT(sentence("overflowing", "read: extremes"), HasSubstr("the result is not finite"));
}

TEST(Conformance, FindsAWindowThatIsElsewhere) {
  EXPECT_THAT(failed("far_window"), ElementsAre("read: windows"));
  EXPECT_THAT(sentence("far_window", "read: windows"),
              HasSubstr("% of what is looked at lies inside the windows shown"));
}

TEST(Conformance, FindsAWindowWithItsCoordinatesSwapped) {
  EXPECT_THAT(failed("swapped_window"), ElementsAre("read: windows"));
}

TEST(Conformance, FindsTheSameInAWriteMode) {
  EXPECT_THAT(failed("spoilt_write"),
              ElementsAre("write: gradients", "write: fused against composed", "write: windows"));
  EXPECT_THAT(sentence("spoilt_write", "write: windows"),
              HasSubstr("% of what is written lies inside the windows shown"));
}

TEST(Conformance, FindsAParameterThatIsAddedByACall) {
  EXPECT_THAT(failed("late_parameters"), Contains("read: parameters"));
  EXPECT_THAT(sentence("late_parameters", "read: parameters"), HasSubstr("a call adds parameters"));
}

TEST(Conformance, FindsNothingInASoundDataset) { EXPECT_THAT(failed("sound_data"), IsEmpty()); }

TEST(Conformance, FindsWhatIsMissingInADescriptionAndGoesNoFurther) {
  EXPECT_THAT(failed("undescribed"), ElementsAre("description"));
  for (const CheckResult& result : checked("undescribed")) {
    if (result.name != "description") continue;
    EXPECT_THAT(result.sentences,
                ElementsAre("info().name is 'another', need the plugin's name, 'undescribed'",
                            "the validation split has 0 samples, need 1 or more",
                            "there are 1 classes, need 0 (no labels) or 2 or more", "info().provenance is empty"));
  }
}

TEST(Conformance, FindsAnOptionThatChangesNoSample) {
  EXPECT_THAT(failed("unread_option"), ElementsAre("every option matters"));
  EXPECT_THAT(sentence("unread_option", "every option matters"), HasSubstr("seed: 2 changes nothing"));
}

TEST(Conformance, FindsAPixelThatIsTooBright) {
  EXPECT_THAT(failed("out_of_range"), ElementsAre("values and labels"));
  EXPECT_THAT(sentence("out_of_range", "values and labels"), HasSubstr("sample 99: number 7 is 1.500000, need 0 to 1"));
}

TEST(Conformance, FindsAGreyPixelOfADatasetThatIsBinaryByItsKindAndNotByItsWords) {
  EXPECT_THAT(failed("not_binary"), ElementsAre("values and labels"));
  EXPECT_THAT(sentence("not_binary", "values and labels"), HasSubstr("need 0 or 1 (info().pixels is binary)"));
}

TEST(Conformance, FindsAPixelThatIsNotWritten) {
  EXPECT_THAT(sentence("unwritten", "values and labels"),
              HasSubstr("sample 299: number 19 is not a number, or was not written"));
}

TEST(Conformance, FindsALabelWithoutAClass) {
  EXPECT_THAT(failed("wrong_label"), ElementsAre("values and labels"));
  EXPECT_THAT(sentence("wrong_label", "values and labels"), HasSubstr("sample 0: the label is 2, need 0 to 1"));
}

TEST(Conformance, FindsATestSplitThatChangesWithTheEpoch) {
  EXPECT_THAT(failed("moving_test"), ElementsAre("repeatability"));
  EXPECT_THAT(sentence("moving_test", "repeatability"), HasSubstr("of the validation split change with the epoch"));
}

TEST(Conformance, FindsSplitsThatShareImages) {
  EXPECT_THAT(failed("shared_splits"), ElementsAre("disjoint splits"));
  EXPECT_THAT(sentence("shared_splits", "disjoint splits"),
              HasSubstr("100 of the first 100 images of the validation split are among the first 300 of the train"));
}

TEST(Conformance, FindsAValidationSplitThatIsTheEndOfALongTrainingSplit) {
  EXPECT_THAT(failed("shared_tail"), ElementsAre("disjoint splits"));
  EXPECT_EQ(sentence("shared_tail", "disjoint splits"),
            "1000 of the first 1000 images of the validation split are among the first 5000 of the train split");
}

TEST(Conformance, FindsADatasetWhoseThreadsShareANumber) {
  EXPECT_THAT(failed("racing_data"), ElementsAre("concurrency"));
  EXPECT_THAT(sentence("racing_data", "concurrency"), HasSubstr("other samples than alone"));
}

TEST(Conformance, FindsADatasetThatCountsItsCalls) {
  EXPECT_THAT(failed("counting"), Contains("repeatability"));
  EXPECT_THAT(failed("counting"), Contains("concurrency"));
}

TEST(Conformance, FindsAChecksumThatDoesNotLast) { EXPECT_THAT(failed("new_checksum"), ElementsAre("checksum")); }

}  // namespace
}  // namespace drawlab::conformance
