#include "ops/layer_norm.hpp"

#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace drawlab {
namespace {

using tests::array;
using tests::random_array;
using tests::Values;

Value normalised(Tape&, Values in) { return layer_norm(in[0], in[1], in[2]); }

TEST(Operation, NormalisesEachRowAndMovesItByGainAndShift) {
  // Row 1 has mean 2 and variance 2/3, row 2 mean 1 and variance 14/3; 1e-5 is added to either.
  constexpr double kFirst = 1.2247356859083902;
  constexpr double kSecond = 0.4629095539120194;
  tests::check({normalised,
                {array({2, 3}, {1, 2, 3, -1, 0, 4}), array({3}, {1, 2, -1}), array({3}, {0.5, 0, 0.25})},
                {0.5 - kFirst, 0, 0.25 - kFirst, 0.5 - 2 * kSecond, -2 * kSecond, 0.25 - 3 * kSecond},
                [](Tape& tape) {
                  layer_norm(tape.constant({2, 3}, 0), tape.constant({3}, 0), tape.constant({4}, 0));
                },
                "layer_norm: shapes [2, 3], [3] and [4] do not fit: [B,n], [n] and [n] are needed"});
}

TEST(Operation, NormalisesARowOfEqualNumbersToItsShift) {
  const ParameterStore none;
  for (const Precision precision : {Precision::f32, Precision::f64}) {
    const tests::Outcome outcome = tests::run(
        normalised, {array({1, 3}, {7, 7, 7}), array({3}, {1, 2, 3}), array({3}, {0.5, 0, -1})}, none, precision);
    EXPECT_EQ(outcome.value, (std::vector<double>{0.5, 0, -1}));
    for (const double number : outcome.inputs[0]) EXPECT_TRUE(std::isfinite(number));
  }
}

TEST(Operation, NormalisesRowsOfAnyLength) {
  const ParameterStore none;
  for (const std::int64_t n : {1, 5, 8, 17, 64, 151}) {
    SCOPED_TRACE(n);
    const std::vector<tests::Array> inputs = {random_array({3, n}, 1, -2, 2), random_array({n}, 2),
                                              random_array({n}, 3)};
    if (n > 1) tests::expect_gradient(normalised, inputs);  // a row of one number has a gradient of 0
    tests::expect_precisions_agree(normalised, inputs, none);
  }
}

TEST(Operation, NormalisesWhereOnlySomeInputsNeedAGradient) {
  const auto x = random_array({2, 6}, 1), gain = random_array({6}, 2), shift = random_array({6}, 3);
  tests::expect_gradient(normalised, {tests::fixed(x), gain, shift});
  tests::expect_gradient(normalised, {x, tests::fixed(gain), tests::fixed(shift)});
  // Added to a gradient that is there already.
  tests::expect_gradient([](Tape& tape, Values in) { return add(normalised(tape, in), mul(in[0], in[0])); },
                         {x, gain, shift});
}

}  // namespace
}  // namespace drawlab
