#include "drawlab/custom_op.hpp"

#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace drawlab {
namespace {

using tests::Array;
using tests::array;
using tests::fixed;
using tests::random_array;
using tests::Values;

/// sum = scale·a + b, product = a·b, as an operation of a plugin's own.
struct SumAndProduct {
  Shape shape;
  double scale;

  std::array<Shape, 2> shapes() const { return {shape, shape}; }

  template <class T>
  void forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const {
    for (std::size_t i = 0; i < in[0].size(); ++i) {
      out[0][i] = static_cast<T>(scale) * in[0][i] + in[1][i];
      out[1][i] = in[0][i] * in[1][i];
    }
  }

  template <class T>
  void backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>>,
                std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const {
    for (std::size_t i = 0; i < in[0].size(); ++i) {
      if (!d_in[0].empty()) d_in[0][i] += static_cast<T>(scale) * d_out[0][i] + in[1][i] * d_out[1][i];
      if (!d_in[1].empty()) d_in[1][i] += d_out[0][i] + in[0][i] * d_out[1][i];
    }
  }
};

std::array<Value, 2> composed_sum_and_product(Values in) { return {affine(in[0], 3, 0) + in[1], in[0] * in[1]}; }

std::array<Value, 2> sum_and_product(Value a, Value b) {
  return custom_op(SumAndProduct{a.shape(), 3}, composed_sum_and_product, {a, b});
}

Value fused(Tape&, Values in) { return concat(sum_and_product(in[0], in[1])); }

TEST(CustomOp, ComputesWithValuesAndGradientsOfItsOwn) {
  tests::check({fused, {array({1, 2}, {1, 2}), array({1, 2}, {-1, 5})}, {2, 11, -1, 10}, {}, {}});
}

TEST(CustomOp, AgreesWithItsComposedForm) {
  const ParameterStore none;
  const std::vector<Array> inputs = {random_array({3, 5}, 1), random_array({3, 5}, 2)};
  tests::expect_same(fused, tests::composed(fused), inputs, none, Precision::f64, 1e-14);
  tests::expect_same(fused, tests::composed(fused), inputs, none, Precision::f32, 1e-6);
}

TEST(CustomOp, ComputesItsComposedFormOnATapeThatIsSetSo) {
  const ParameterStore none;
  Tape tape(none, Precision::f64);
  const Value x = tape.constant({1}, 2);
  const auto minus_one = [](Values in) { return affine(in[0], 0, -1); };
  EXPECT_EQ(tape.number(custom_op(SumAndProduct{x.shape(), 3}, minus_one, {x, x})), 8);
  tape.set_composed(true);
  EXPECT_EQ(tape.number(custom_op(SumAndProduct{x.shape(), 3}, minus_one, {x, x})), -1);
  EXPECT_EQ(tape.custom_ops(), 2);
}

TEST(CustomOp, NamesAComposedFormOfAnotherShape) {
  const ParameterStore none;
  Tape tape(none, Precision::f64);
  tape.set_composed(true);
  const Value x = tape.constant({2, 3}, 1);
  try {
    custom_op(SumAndProduct{x.shape(), 3}, [](Values in) { return sum_rows(in[0]); }, {x, x});
    FAIL() << "nothing is thrown";
  } catch (const ShapeError& error) {
    EXPECT_STREQ(error.what(), "custom_op: the composed form gives the shape [2, 1], shapes() says [2, 3]");
  }
}

TEST(CustomOp, LeavesOutGradientsThatNobodyNeeds) {
  tests::expect_gradient(fused, {fixed(random_array({2, 3}, 1)), random_array({2, 3}, 2)});
  tests::expect_gradient(fused, {random_array({2, 3}, 1), fixed(random_array({2, 3}, 2))});
}

TEST(CustomOp, PassesZerosForAnOutputThatNobodyUses) {
  tests::expect_gradient([](Tape&, Values in) { return sum_and_product(in[0], in[1])[1]; },
                         {random_array({2, 3}, 1), random_array({2, 3}, 2)});
}

TEST(CustomOp, PassesZerosInEveryPassOfATape) {
  const ParameterStore none;
  Tape tape(none, Precision::f64);
  for (const std::int64_t rows : {3, 900, 40}) {
    tape.reset();
    const std::vector<double> numbers(static_cast<std::size_t>(rows), 5);
    const Value a = tape.input({rows, 1}, numbers, true);
    const Value b = tape.input({rows, 1}, numbers, true);
    Value product = b;  // two calls, and memory that the passes before have written to
    for (int i = 0; i < 2; ++i) product = sum_and_product(a, product)[1];
    const std::vector<float> weights(numbers.size(), 1.0F);
    std::vector<double> parameters(static_cast<std::size_t>(none.padded_count()));
    tape.backward(weighted_sum(product, weights), std::span(parameters));
    std::vector<double> gradient(numbers.size());
    tape.read_gradient(b, gradient);
    EXPECT_EQ(gradient, std::vector<double>(numbers.size(), 25));
  }
}

TEST(CustomOp, AddsUpTheGradientsOfOneInputGivenTwice) {
  tests::expect_gradient(
      [](Tape&, Values in) {
        return concat(sum_and_product(in[0], reshape(in[0], {2, 3})));
      },
      {random_array({2, 3}, 1)});
}

TEST(CustomOp, HasNoGradientWhereTheTapeDoesNotRecord) {
  const ParameterStore none;
  Tape tape(none, Precision::f32);
  tape.set_recording(false);
  const Value x = tape.input({1, 2}, std::vector<double>{1, 2}, true);
  EXPECT_EQ(tape.number(slice(sum_and_product(x, x)[0], 1, 1)), 8);
}

}  // namespace
}  // namespace drawlab
