#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace drawlab {
namespace {

using tests::array;
using tests::Array;
using tests::check;
using tests::random_array;
using tests::Values;

Value product(Values in, Transpose a, Transpose b) { return matmul(in[0], in[1], a, b); }

TEST(Operation, MultipliesMatricesOfEverySample) {
  check(
      {[](Tape&, Values in) { return product(in, Transpose::no, Transpose::no); },
       {array({1, 2, 3}, {1, 2, 3, 4, 5, 6}), array({1, 3, 2}, {1, 0, -1, 2, 0.5, 1})},
       {0.5, 7, 2, 16},
       [](Tape& tape) {
         matmul(tape.constant({1, 2, 3}, 1), tape.constant({1, 2, 3}, 1));
       },
       "matmul: shapes [1, 2, 3] and [1, 2, 3] do not fit: [B,n,k] and [B,k,m] are needed after transposition, one of "
       "them perhaps [B,C,.,.]"});
}

TEST(Operation, MultipliesTransposedMatrices) {
  const ParameterStore none;
  const std::array<Shape, 2> left = {Shape{2, 3, 4}, Shape{2, 4, 3}};
  const std::array<Shape, 2> right = {Shape{2, 4, 5}, Shape{2, 5, 4}};
  for (const Transpose a : {Transpose::no, Transpose::yes}) {
    for (const Transpose b : {Transpose::no, Transpose::yes}) {
      const std::vector<Array> inputs = {random_array(left[static_cast<std::size_t>(a)], 1),
                                         random_array(right[static_cast<std::size_t>(b)], 2)};
      const auto function = [a, b](Tape&, Values in) { return product(in, a, b); };
      tests::expect_gradient(function, inputs);
      tests::expect_precisions_agree(function, inputs, none);
      const auto outcome = tests::run(function, inputs, none, Precision::f64);
      ASSERT_EQ(outcome.value.size(), 30U);
      double first = 0;  // element [1,2,4] by hand
      for (std::size_t k = 0; k < 4; ++k) {
        const std::size_t at_a = 12 + (a == Transpose::no ? 2 * 4 + k : k * 3 + 2);
        const std::size_t at_b = 20 + (b == Transpose::no ? k * 5 + 4 : 4 * 4 + k);
        first += inputs[0].numbers[at_a] * inputs[1].numbers[at_b];
      }
      EXPECT_NEAR(outcome.value.back(), first, 1e-12);
    }
  }
}

TEST(Operation, MultipliesOneMatrixWithEveryChannelOfTheOther) {
  const ParameterStore none;
  const auto plain = [](Tape&, Values in) { return matmul(in[0], in[1]); };
  tests::expect_gradient(plain, {random_array({2, 3, 4}, 1), random_array({2, 3, 4, 5}, 2)});
  tests::expect_gradient(plain, {random_array({2, 3, 2, 4}, 1), random_array({2, 4, 5}, 2)});
  tests::expect_gradient(plain, {random_array({2, 3, 2, 4}, 1), random_array({2, 3, 4, 5}, 2)});
  const auto transposed = [](Tape&, Values in) { return matmul(in[0], in[1], Transpose::yes, Transpose::yes); };
  tests::expect_gradient(transposed, {random_array({2, 4, 3}, 1), random_array({2, 2, 5, 4}, 2)});
  tests::expect_precisions_agree(transposed, {random_array({2, 4, 3}, 1), random_array({2, 2, 5, 4}, 2)}, none);
}

}  // namespace
}  // namespace drawlab
