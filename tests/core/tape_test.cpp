#include "drawlab/tape.hpp"

#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace drawlab {
namespace {

using tests::fixed;
using tests::random_array;
using tests::Values;

TEST(Tape, AddsUpTheGradientsOfAValueUsedTwice) {
  tests::expect_gradient(
      [](Tape&, Values in) {
        const Value y = exp(in[0]);
        return add(mul(y, y), mul(y, in[0]));
      },
      {random_array({2, 3}, 1)});
}

TEST(Tape, GivesZeroToAnInputThatNobodyUses) {
  const ParameterStore none;
  for (const Precision precision : {Precision::f32, Precision::f64}) {
    const auto outcome = tests::run(
        [](Tape&, Values in) {
          exp(in[1]);
          return in[0];
        },
        {random_array({1, 2}, 1), random_array({1, 2}, 2)}, none, precision);
    EXPECT_EQ(outcome.inputs[1], (std::vector<double>{0, 0}));
    EXPECT_NE(outcome.inputs[0][0], 0);
  }
}

TEST(Tape, PassesNoGradientToAnInputThatNeedsNone) {
  const ParameterStore none;
  Tape tape(none, Precision::f64);
  const Value x = tape.input({1, 1}, std::vector<double>{2}, false);
  const Value y = tape.input({1, 1}, std::vector<double>{3}, true);
  const Value z = mul(mul(x, y), x);
  EXPECT_FALSE(mul(x, x).node()->needs_gradient);
  std::vector<double> parameters;
  tape.backward(z, parameters);
  EXPECT_FALSE(Tape::has_gradient(x));
  double d_y = 0;
  tape.read_gradient(y, std::span(&d_y, 1));
  EXPECT_EQ(d_y, 4);
}

/// A recurrent function with a parameter, as training repeats it.
struct Repeated {
  Repeated()
      : weight(store.add("weight", {6, 6}, Initial::fan_in(6), ParameterKind::weight)),
        bias(store.add("bias", {6}, Initial::zero())) {
    store.initialise(3);
    (void)store.doubles();
  }
  std::vector<float> gradients(Tape& tape, std::int64_t rows) const {
    tape.reset();
    const auto numbers = random_array({rows, 6}, 5).numbers;
    Value x = tape.input({rows, 6}, std::span<const double>(numbers), true);
    for (int t = 0; t < 5; ++t)
      x = concat(std::array<Value, 2>{slice(tanh(linear(x, weight, bias)), 0, 3), slice(x, 0, 3)});
    const Value loss = weighted_sum(sum_rows(x), std::vector<float>(static_cast<std::size_t>(rows), 1.0F));
    std::vector<float> gradients(static_cast<std::size_t>(store.padded_count()));
    tape.backward(loss, std::span<float>(gradients));
    gradients.push_back(static_cast<float>(tape.number(loss)));
    return gradients;
  }
  ParameterStore store;
  Parameter weight;
  Parameter bias;
};

TEST(Tape, GivesTheSameNumbersAfterAResetAndNeedsNoNewMemory) {
  const Repeated repeated;
  Tape tape(repeated.store, Precision::f32);
  const std::vector<float> first = repeated.gradients(tape, 8);
  const std::size_t held = tape.bytes_held();
  const std::size_t used = tape.bytes_used();
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(repeated.gradients(tape, 8), first);
    EXPECT_EQ(tape.bytes_held(), held);
    EXPECT_EQ(tape.bytes_used(), used);
  }
  repeated.gradients(tape, 3);
  EXPECT_EQ(repeated.gradients(tape, 8), first);
  EXPECT_EQ(tape.bytes_held(), held);
}

TEST(Tape, ComputesTheSameValuesWithoutRecording) {
  const Repeated repeated;
  Tape tape(repeated.store, Precision::f32);
  const float loss = repeated.gradients(tape, 4).back();
  tape.set_recording(false);
  tape.reset();
  const auto numbers = random_array({4, 6}, 5).numbers;
  Value x = tape.input({4, 6}, std::span<const double>(numbers), true);
  for (int t = 0; t < 5; ++t) {
    x = concat(std::array<Value, 2>{slice(tanh(linear(x, repeated.weight, repeated.bias)), 0, 3), slice(x, 0, 3)});
  }
  const Value sum = weighted_sum(sum_rows(x), std::vector<float>(4, 1.0F));
  EXPECT_EQ(static_cast<float>(tape.number(sum)), loss);
  std::vector<float> gradients(static_cast<std::size_t>(repeated.store.padded_count()));
  EXPECT_THROW(tape.backward(sum, std::span<float>(gradients)), Error);
}

TEST(Tape, IsWalkedBackOnceForEachPass) {
  const Repeated repeated;
  Tape tape(repeated.store, Precision::f32);
  const Value x = tape.input({1, 6}, std::vector<float>(6, 1.0F), true);
  const Value loss = weighted_sum(sum_rows(linear(x, repeated.weight, repeated.bias)), std::vector<float>{1.0F});
  std::vector<float> gradients(static_cast<std::size_t>(repeated.store.padded_count()));
  tape.backward(loss, std::span<float>(gradients));
  EXPECT_THROW(tape.backward(loss, std::span<float>(gradients)), Error);
}

TEST(Tape, RefusesCountsThatDoNotFitAndTheWrongPrecision) {
  const Repeated repeated;
  Tape tape(repeated.store, Precision::f32);
  EXPECT_THROW(tape.input({2, 2}, std::vector<double>{1, 2, 3}), ShapeError);
  const Value two = tape.constant({2}, 1);
  std::vector<double> one(1);
  EXPECT_THROW(tape.read(two, std::span<double>(one)), ShapeError);
  EXPECT_THROW((void)tape.number(two), ShapeError);
  std::vector<float> right(static_cast<std::size_t>(repeated.store.padded_count()));
  std::vector<double> wrong(right.size());
  std::vector<float> few(1);
  const Value loss = tape.constant({}, 1);
  EXPECT_THROW(tape.backward(two, std::span<float>(right)), ShapeError);
  EXPECT_THROW(tape.backward(loss, std::span<float>(few)), ShapeError);
  EXPECT_THROW(tape.backward(loss, std::span<double>(wrong)), Error);
}

TEST(Tape, HandsParametersOutWithTheirGradients) {
  ParameterStore store;
  const Parameter start = store.add("start", {2, 3}, Initial::zero());
  store.add("unused", {5}, Initial::zero());
  tests::randomise(store, 1);
  tests::expect_gradient(
      [&](Tape& tape, Values in) { return mul(repeat_rows(tape.parameter(start), 2), add(in[0], in[0])); },
      {random_array({2, 2, 3}, 1)}, store);
  tests::expect_gradient([&](Tape& tape, Values) { return mul(tape.parameter(start), tape.parameter(start)); }, {},
                         store);
}

TEST(Tape, AlignsItsArraysToCacheLines) {
  const ParameterStore none;
  Tape tape(none, Precision::f32);
  for (std::int64_t n = 1; n < 40; ++n) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(Tape::data<float>(tape.constant({n}, 1))) % 64, 0U);
  }
}

}  // namespace
}  // namespace drawlab
