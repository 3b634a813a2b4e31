#include "model/lstm_layer.hpp"

#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace drawlab {
namespace {

using tests::random_array;
using tests::Values;

using Normalization = ModelOptions::Normalization;

ModelOptions with_hidden(int hidden, Normalization normalization = Normalization::none) {
  ModelOptions options;
  options.hidden = hidden;
  options.normalization = normalization;
  return options;
}

/// What the rows of a block's last columns are to each other: the largest difference from an identity.
double off_orthonormal(std::span<const float> weight, std::int64_t columns, std::int64_t hidden, std::int64_t gate) {
  double worst = 0;
  const auto row = [&](std::int64_t i) {
    return weight.subspan(static_cast<std::size_t>((gate * hidden + i + 1) * columns - hidden),
                          static_cast<std::size_t>(hidden));
  };
  for (std::int64_t i = 0; i < hidden; ++i) {
    for (std::int64_t j = 0; j < hidden; ++j) {
      const double dot = std::inner_product(row(i).begin(), row(i).end(), row(j).begin(), 0.0);
      worst = std::max(worst, std::abs(dot - (i == j ? 1 : 0)));
    }
  }
  return worst;
}

TEST(LstmLayer, StartsWithOrthogonalRecurrentBlocksWhereToldAndElseAsBefore) {
  constexpr std::int64_t kIn = 3;
  constexpr std::int64_t kHidden = 6;
  for (const Normalization normalization : {Normalization::none, Normalization::layer}) {
    ModelOptions options = with_hidden(kHidden, normalization);
    ParameterStore uniform;
    const LstmLayer standard(ParameterScope(uniform), "encoder", kIn, options);
    uniform.initialise(7);
    options.recurrent_start = ModelOptions::RecurrentStart::orthogonal;
    ParameterStore orthogonal;
    const LstmLayer layer(ParameterScope(orthogonal), "encoder", kIn, options);
    orthogonal.initialise(7);
    const bool plain = normalization == Normalization::none;
    const std::size_t index = plain ? 0 : 2;
    ASSERT_EQ(orthogonal.name(index), plain ? "encoder.gates.weight" : "encoder.recurrent.weight");
    const std::int64_t columns = plain ? kIn + kHidden : kHidden;
    const auto weight = orthogonal.values_of(orthogonal.at(index));
    const auto before = uniform.values_of(uniform.at(index));
    for (std::int64_t gate = 0; gate < 4; ++gate) {
      EXPECT_LT(off_orthonormal(weight, columns, kHidden, gate), 1e-6);
      EXPECT_GT(off_orthonormal(before, columns, kHidden, gate), 0.1);
    }
    // Blocks differ, and the inputs' weights are those of the uniform start.
    EXPECT_NE(weight[static_cast<std::size_t>(columns - 1)],
              weight[static_cast<std::size_t>(kHidden * columns + columns - 1)]);
    for (std::int64_t row = 0; row < 4 * kHidden; ++row) {
      for (std::int64_t column = 0; column < columns - kHidden; ++column) {
        const auto at = static_cast<std::size_t>(row * columns + column);
        EXPECT_EQ(weight[at], before[at]);
      }
    }
    for (std::size_t other = 0; other < orthogonal.count(); ++other) {
      if (other == index) continue;
      EXPECT_TRUE(std::ranges::equal(orthogonal.values_of(orthogonal.at(other)), uniform.values_of(uniform.at(other))));
    }
  }
}

TEST(LstmLayer, LearnsItsStartAndAddsItsOwnStateBehindTheInputs) {
  ParameterStore store;
  const LstmLayer layer(ParameterScope(store), "encoder", 5, with_hidden(3));
  EXPECT_EQ(store.name(0), "encoder.gates.weight");
  EXPECT_EQ(store.shape(0), (Shape{12, 8}));
  tests::randomise(store, 0.6);
  tests::expect_gradient(
      [&](Tape& tape, Values in) {
        LstmLayer::State state = layer.start(tape, 2);
        for (int t = 0; t < 3; ++t) state = layer.step(in, state);
        return add(state.h, state.cell);
      },
      {tests::random_array({2, 3}, 1), tests::random_array({2, 2}, 2)}, store);
}

TEST(LstmLayer, IsTheCellOfItsGates) {
  ParameterStore store;
  const LstmLayer layer(ParameterScope(store), "encoder", 2, with_hidden(3));
  tests::randomise(store, 0.6);
  const auto layered = [&](Tape& tape, Values in) {
    const LstmLayer::State state = layer.step(in, layer.start(tape, 2));
    return concat(std::vector<Value>{state.h, state.cell});
  };
  const auto by_hand = [&](Tape& tape, Values in) {
    const Value h = repeat_rows(tape.parameter(store.at(2)), 2);
    const Value cell = repeat_rows(tape.parameter(store.at(3)), 2);
    const Value gates = linear(concat(std::vector<Value>{in[0], h}), store.at(0), store.at(1));
    const Value i = sigmoid(slice(gates, 0, 3));
    const Value f = sigmoid(slice(gates, 3, 3));
    const Value g = tanh(slice(gates, 6, 3));
    const Value o = sigmoid(slice(gates, 9, 3));
    const Value next = add(mul(f, cell), mul(i, g));
    return concat(std::vector<Value>{mul(o, tanh(next)), next});
  };
  const std::vector<tests::Array> inputs = {tests::random_array({2, 2}, 1)};
  tests::expect_same(layered, by_hand, inputs, store, Precision::f64, 1e-12);
  tests::expect_same(layered, by_hand, inputs, store, Precision::f32, 1e-5);
}

TEST(LstmLayer, NormalisedIsTheCellOfItsNormalisedLayers) {
  ParameterStore store;
  const LstmLayer layer(ParameterScope(store), "encoder", 2, with_hidden(3, Normalization::layer));
  tests::randomise(store, 0.6);
  const auto named = [&](const char* name) {
    for (std::size_t i = 0; i < store.count(); ++i) {
      if (store.name(i) == std::string("encoder.") + name) return store.at(i);
    }
    throw Error(std::string("no parameter ") + name);
  };
  EXPECT_EQ(named("input.weight").shape(), (Shape{12, 2}));
  EXPECT_EQ(named("recurrent.weight").shape(), (Shape{12, 3}));
  const auto layered = [&](Tape& tape, Values in) {
    LstmLayer::State state = layer.start(tape, 2);
    for (int t = 0; t < 2; ++t) state = layer.step(in, state);
    return concat(std::array<Value, 2>{state.h, state.cell});
  };
  const auto by_hand = [&](Tape& tape, Values in) {
    Value h = repeat_rows(tape.parameter(named("h0")), 2);
    Value cell = repeat_rows(tape.parameter(named("cell0")), 2);
    const auto norm = [&](Value x, const std::string& name) {
      // By the operations that plugins have.
      const std::int64_t n = x.shape()[1];
      const Value off = add_column(x, affine(sum_rows(x), -1.0 / static_cast<double>(n), 0));
      const Value variance = affine(sum_rows(mul(off, off)), 1.0 / static_cast<double>(n), 1e-5);
      const Value one = tape.constant({2, 1}, 1);
      const Value scaled = mul_column(off, div(one, sqrt(variance)));
      return add(mul(scaled, repeat_rows(tape.parameter(named((name + ".gain").c_str())), 2)),
                 repeat_rows(tape.parameter(named((name + ".shift").c_str())), 2));
    };
    for (int t = 0; t < 2; ++t) {
      const Value gates = add(norm(linear(in[0], named("input.weight"), named("input.bias")), "input_norm"),
                              norm(linear(h, named("recurrent.weight"), named("recurrent.bias")), "recurrent_norm"));
      const Value i = sigmoid(slice(gates, 0, 3));
      const Value f = sigmoid(slice(gates, 3, 3));
      const Value g = tanh(slice(gates, 6, 3));
      const Value o = sigmoid(slice(gates, 9, 3));
      cell = add(mul(f, cell), mul(i, g));
      h = mul(o, tanh(norm(cell, "cell_norm")));
    }
    return concat(std::array<Value, 2>{h, cell});
  };
  const std::vector<tests::Array> inputs = {random_array({2, 2}, 1)};
  tests::expect_gradient(layered, inputs, store);
  tests::expect_same(layered, by_hand, inputs, store, Precision::f64, 1e-10);
  tests::expect_same(layered, by_hand, inputs, store, Precision::f32, 2e-5);
}

TEST(LstmLayer, NormalisedLearnsFromWhateverIsMadeOfIt) {
  ParameterStore store;
  const LstmLayer layer(ParameterScope(store), "encoder", 5, with_hidden(11, Normalization::layer));
  tests::randomise(store, 0.6);
  const std::vector<tests::Array> inputs = {random_array({2, 3}, 1), random_array({2, 2}, 2)};
  const auto steps = [&](Tape& tape, Values in, int count) {
    LstmLayer::State state = layer.start(tape, 2);
    for (int t = 0; t < count; ++t) state = layer.step(in, state);
    return state;
  };
  const auto both = [&](Tape& tape, Values in) {
    const LstmLayer::State state = steps(tape, in, 3);
    return add(state.h, state.cell);
  };
  tests::expect_gradient(both, inputs, store);
  tests::expect_gradient([&](Tape& tape, Values in) { return steps(tape, in, 2).h; }, inputs, store);
  tests::expect_gradient([&](Tape& tape, Values in) { return steps(tape, in, 2).cell; }, inputs, store);
  // A step that nothing is made of.
  tests::expect_gradient(
      [&](Tape& tape, Values in) {
        const LstmLayer::State state = steps(tape, in, 2);
        layer.step(in, state);
        return state.h;
      },
      inputs, store);
  tests::expect_precisions_agree(both, inputs, store);
}

TEST(LstmLayer, NormalisedGivesTheSameWhereNothingIsRecorded) {
  ParameterStore store;
  const LstmLayer layer(ParameterScope(store), "encoder", 4, with_hidden(9, Normalization::layer));
  tests::randomise(store, 0.6);
  const tests::Array input = random_array({3, 4}, 1);
  std::vector<std::vector<double>> seen;
  for (const bool recording : {true, false}) {
    Tape tape(store, Precision::f32);
    tape.set_recording(recording);
    const Value x = tape.input({3, 4}, input.numbers);
    LstmLayer::State state = layer.start(tape, 3);
    for (int t = 0; t < 3; ++t) state = layer.step(std::span(&x, 1), state);
    seen.emplace_back(27);
    tape.read(state.h, seen.back());
  }
  EXPECT_EQ(seen[0], seen[1]);
}

TEST(LstmLayer, NormalisedRefusesShapesThatDoNotFit) {
  ParameterStore store;
  const NormalizedLstm layers(ParameterScope(store), 2, 3, Initial::fan_in(3));
  tests::randomise(store, 0.6);
  Tape tape(store, Precision::f32);
  const Value x = tape.constant({2, 2}, 0);
  const Value h = tape.constant({2, 3}, 0);
  try {
    normalized_lstm(std::span(&x, 1), h, tape.constant({2, 4}, 0), layers);
    FAIL();
  } catch (const ShapeError& error) {
    EXPECT_EQ(
        std::string(error.what()),
        "normalized_lstm: a layer of 12 outputs for 2 samples and states [2, 3] and [2, 4] do not fit: [B,4h], [B,h] "
        "and [B,h] are needed");
  }
}

}  // namespace
}  // namespace drawlab
