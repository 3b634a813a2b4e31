#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace drawlab {
namespace {

using tests::Array;
using tests::array;
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

/// A layer [out,in] whose numbers are given.
struct Layer {
  Layer(std::int64_t out, std::int64_t in)
      : weight(store.add("weight", {out, in}, Initial::zero(), ParameterKind::weight)),
        bias(store.add("bias", {out}, Initial::zero())) {
    tests::randomise(store, 1);
  }
  ParameterStore store;
  Parameter weight;
  Parameter bias;
};

TEST(Operation, IsLinearInItsInputsSideBySide) {
  Layer layer(2, 3);
  const std::vector<float> weight = {1, 2, 3, -1, 0.5, 0};
  std::ranges::copy(weight, layer.store.values_of(layer.weight).begin());
  std::ranges::copy(std::vector<float>{10, 20}, layer.store.values_of(layer.bias).begin());
  std::ranges::copy(layer.store.values(), layer.store.doubles().begin());
  const auto function = [&](Tape&, Values in) { return linear(in, layer.weight, layer.bias); };
  const std::vector<Array> inputs = {array({2, 2}, {1, 1, 2, 0}), array({2, 1}, {1, -1})};
  for (const Precision precision : {Precision::f32, Precision::f64}) {
    EXPECT_EQ(tests::run(function, inputs, layer.store, precision).value, (std::vector<double>{16, 19.5, 9, 18}));
  }
}

TEST(Operation, HasTheGradientsOfALinearLayer) {
  Layer layer(5, 7);
  const auto one = [&](Tape&, Values in) { return linear(in[0], layer.weight, layer.bias); };
  const auto two = [&](Tape&, Values in) { return linear(in, layer.weight, layer.bias); };
  const std::vector<Array> whole = {random_array({3, 7}, 1)};
  const std::vector<Array> parts = {random_array({3, 1, 2, 2}, 1), random_array({3, 3}, 2)};
  tests::expect_gradient(one, whole, layer.store);
  tests::expect_gradient(two, parts, layer.store);
  tests::expect_gradient(two, {parts[0], tests::fixed(parts[1])}, layer.store);
  tests::expect_precisions_agree(one, whole, layer.store);
  tests::expect_precisions_agree(two, parts, layer.store);
}

TEST(Operation, GathersALayersGradientOverManyCallsOfManySizes) {
  Layer layer(4, 4);
  const auto recurrent = [&](Tape&, Values in) {
    Value x = in[0];
    for (int t = 0; t < 4; ++t) x = tanh(linear(x, layer.weight, layer.bias));
    const Value other = linear(in[1], layer.weight, layer.bias);  // another number of rows
    return add(sum_rows(x), reshape(slice(reshape(sum_rows(other), {1, 5}), 0, 2), {2, 1}));
  };
  const std::vector<Array> inputs = {random_array({2, 4}, 1), random_array({5, 4}, 2)};
  tests::expect_gradient(recurrent, inputs, layer.store);
  tests::expect_precisions_agree(recurrent, inputs, layer.store);
}

TEST(Operation, GathersMoreRowsThanOneChunkHolds) {
  Layer layer(3, 2);
  const auto many = [&](Tape&, Values in) {
    Value sum = linear(in[0], layer.weight, layer.bias);
    for (int t = 0; t < 5; ++t) sum = add(sum, linear(in[0], layer.weight, layer.bias));
    return sum;
  };
  const std::vector<Array> inputs = {tests::fixed(random_array({700, 2}, 1))};
  tests::expect_gradient(many, inputs, layer.store);
  tests::expect_precisions_agree(many, inputs, layer.store, 2e-5);
}

TEST(Operation, CountsACallOfALayerThatNobodyUsesAsNothing) {
  Layer layer(2, 2);
  const auto unused = [&](Tape&, Values in) {
    const Value y = linear(in[0], layer.weight, layer.bias);
    linear(y, layer.weight, layer.bias);
    return y;
  };
  tests::expect_gradient(unused, {random_array({4, 2}, 1)}, layer.store);
  tests::expect_precisions_agree(unused, {random_array({4, 2}, 1)}, layer.store);
}

TEST(Operation, RefusesInputsThatDoNotFitALayer) {
  Layer layer(2, 3);
  Tape tape(layer.store, Precision::f32);
  try {
    linear(tape.constant({2, 4}, 1), layer.weight, layer.bias);
    ADD_FAILURE();
  } catch (const ShapeError& error) {
    EXPECT_STREQ(error.what(), "linear: inputs of 4 numbers a sample, weight [2, 3] (weight) and bias [2] do not fit");
  }
  const std::array<Value, 2> batches{tape.constant({2, 2}, 1), tape.constant({3, 1}, 1)};
  EXPECT_THROW(linear(batches, layer.weight, layer.bias), ShapeError);
  EXPECT_THROW(linear(std::span<const Value>(), layer.weight, layer.bias), ShapeError);
}

TEST(Operation, GivesEachBiasOfOneWeightItsOwnGradient) {
  ParameterStore store;
  const Parameter weight = store.add("weight", {2, 2}, Initial::zero(), ParameterKind::weight);
  const Parameter first = store.add("first", {2}, Initial::zero());
  const Parameter second = store.add("second", {2}, Initial::zero());
  tests::randomise(store, 1);
  tests::expect_gradient(
      [&](Tape&, Values in) { return add(linear(in[0], weight, first), exp(linear(in[0], weight, second))); },
      {random_array({3, 2}, 1)}, store);
}

/// An LSTM's layer with h units on inputs of 3 and h numbers.
struct Cell {
  explicit Cell(std::int64_t h)
      : weight(store.add("weight", {4 * h, 3 + h}, Initial::zero(), ParameterKind::weight)),
        bias(store.add("bias", {4 * h}, Initial::zero())) {
    tests::randomise(store, 1);
  }
  ParameterStore store;
  Parameter weight;
  Parameter bias;
};

TEST(Operation, StepsAnLstmWithItsLayerAsTheTwoApart) {
  const Cell cell(19);
  const auto both = [](const std::pair<Value, Value>& state) {
    return concat(std::array<Value, 2>{state.first, state.second});
  };
  // Three steps, so that the weights' gradient gathers rows, and each state is used twice.
  const auto steps = [&](const auto& step) {
    return [&, step](Tape&, Values in) {
      std::pair<Value, Value> state{in[1], in[2]};
      Value sum = both(state);
      for (int t = 0; t < 3; ++t) {
        state = step(std::array<Value, 2>{in[0], state.first}, state.second);
        sum = add(sum, both(state));
      }
      return sum;
    };
  };
  const auto apart =
      steps([&](const auto& inputs, Value c) { return lstm(linear(inputs, cell.weight, cell.bias), c); });
  const auto together = steps([&](const auto& inputs, Value c) { return lstm(inputs, cell.weight, cell.bias, c); });
  const std::vector<tests::Array> inputs = {random_array({5, 3}, 1), random_array({5, 19}, 2),
                                            random_array({5, 19}, 3)};
  tests::expect_same(together, apart, inputs, cell.store, Precision::f64, 1e-12);
  tests::expect_same(together, apart, inputs, cell.store, Precision::f32, 1e-5);
}

TEST(Operation, StepsAnLstmWithItsLayerWhoseCellNobodyUses) {
  Cell cell(4);
  tests::expect_gradient([&](Tape&, Values in) { return lstm(in.first(2), cell.weight, cell.bias, in[2]).first; },
                         {random_array({2, 3}, 1), random_array({2, 4}, 2), random_array({2, 4}, 3)}, cell.store);
}

TEST(Operation, RefusesAnLstmWhoseLayerDoesNotFitItsState) {
  const Cell cell(4);
  Tape tape(cell.store, Precision::f64);
  const std::array<Value, 2> inputs{tape.constant({2, 3}, 1), tape.constant({2, 4}, 1)};
  EXPECT_THROW(lstm(inputs, cell.weight, cell.bias, tape.constant({2, 5}, 1)), ShapeError);
  EXPECT_THROW(lstm(inputs, cell.weight, cell.bias, tape.constant({3, 4}, 1)), ShapeError);
  EXPECT_THROW(lstm(std::span(inputs).first(1), cell.weight, cell.bias, tape.constant({2, 4}, 1)), ShapeError);
}

}  // namespace
}  // namespace drawlab
