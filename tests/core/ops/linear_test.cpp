#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace drawlab {
namespace {

using tests::array;
using tests::Array;
using tests::random_array;
using tests::Values;

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

}  // namespace
}  // namespace drawlab
