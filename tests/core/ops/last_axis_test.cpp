#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace drawlab {
namespace {

using tests::array;
using tests::check;
using tests::Values;

TEST(Operation, TakesSoftmaxAlongTheLastAxis) {
  check({[](Tape&, Values in) { return softmax(in[0]); },
         {array({1, 2, 3}, {0, 1, 2, -1, 3, 0.5})},
         {0.09003057317038046, 0.24472847105479764, 0.6652409557748218, 0.016644518609272352, 0.9087599242585133,
          0.07459555713221444},
         [](Tape& tape) { softmax(tape.constant({}, 1)); },
         "softmax: shape [] does not fit: it must have a last axis"});
}

TEST(Operation, SoftmaxOfHugeNumbersNeitherOverflowsNorLosesItsSum) {
  ParameterStore none;
  for (const Precision precision : {Precision::f32, Precision::f64}) {
    Tape tape(none, precision);
    const Value y = softmax(tape.input({2, 3}, std::vector<double>{1e6, 0, -1e6, -1e30, -2e30, -3e30}));
    std::vector<double> numbers(6);
    tape.read(y, std::span<double>(numbers));
    const std::vector<double> right = {1, 0, 0, 1, 0, 0};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(numbers[i], right[i], 1e-30);
  }
}

TEST(Operation, NormalizesRowsToSumOne) {
  check({[](Tape&, Values in) { return normalize(in[0]); },
         {array({2, 2}, {1, 3, 0.5, 1.5})},
         {0.25, 0.75, 0.25, 0.75},
         [](Tape& tape) { normalize(tape.constant({}, 1)); },
         "normalize: shape [] does not fit: it must have a last axis"});
}

TEST(Operation, NormalizeLeavesARowOfZerosWithGradientZero) {
  const ParameterStore none;
  for (const Precision precision : {Precision::f32, Precision::f64}) {
    const auto outcome =
        tests::run([](Tape&, Values in) { return normalize(in[0]); }, {array({2, 2}, {0, 0, 1, 1})}, none, precision);
    EXPECT_EQ(outcome.value, (std::vector<double>{0, 0, 0.5, 0.5}));
    EXPECT_EQ(outcome.inputs[0][0], 0);
    EXPECT_EQ(outcome.inputs[0][1], 0);
  }
}

TEST(Operation, MeasuresDistancesFromPixelsThatCountFromOne) {
  check({[](Tape&, Values in) { return pixel_distances(in[0], 3); },
         {array({1, 2}, {1, 2.5})},
         {0, 1, 2, -1.5, -0.5, 0.5},
         [](Tape& tape) { pixel_distances(tape.constant({2}, 1), 3); },
         "pixel_distances: shape [2] does not fit: it must be [B,N]"});
}

}  // namespace
}  // namespace drawlab
