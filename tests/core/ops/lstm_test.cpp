#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <tuple>
#include <utility>
#include <vector>

namespace drawlab {
namespace {

using tests::array;
using tests::check;
using tests::fixed;
using tests::random_array;
using tests::Values;

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

Value lstm_both(Tape&, Values in) {
  const auto [h, c] = lstm(in[0], in[1]);
  return concat(std::array<Value, 2>{h, c});
}

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

TEST(Operation, StepsAnLstmCellWithGatesInTheOrderInputForgetCandidateOutput) {
  check({lstm_both,
         {array({1, 8}, {0.5, -1, 1, 0.25, -0.5, 2, 0, 1.5}), array({1, 2}, {0.5, -0.25})},
         {0.03886153888705254, 0.09661125990108846, 0.07788015267003451, 0.11872282240401746},
         [](Tape& tape) {
           lstm(tape.constant({2, 6}, 0), tape.constant({2, 2}, 0));
         },
         "lstm: shapes [2, 6] and [2, 2] do not fit: [B,4h] and [B,h] are needed"});
}

TEST(Operation, StepsAnLstmCellOfManyUnitsAndRows) {
  const ParameterStore none;
  const std::vector<tests::Array> inputs = {random_array({3, 4 * 19}, 1, -3, 3), random_array({3, 19}, 2, -2, 2)};
  tests::expect_gradient(lstm_both, inputs);
  tests::expect_precisions_agree(lstm_both, inputs, none);
}

TEST(Operation, StepsAnLstmCellWhoseCellOrOutputNobodyUses) {
  const std::vector<tests::Array> inputs = {random_array({2, 12}, 1), random_array({2, 3}, 2)};
  tests::expect_gradient([](Tape&, Values in) { return lstm(in[0], in[1]).first; }, inputs);
  tests::expect_gradient([](Tape&, Values in) { return lstm(in[0], in[1]).second; }, inputs);
  tests::expect_gradient([](Tape&, Values in) { return lstm(in[0], in[1]).first; }, {inputs[0], fixed(inputs[1])});
  tests::expect_gradient([](Tape&, Values in) { return lstm(in[0], in[1]).first; }, {fixed(inputs[0]), inputs[1]});
}

TEST(Operation, ChainsLstmCells) {
  const auto chain = [](Tape&, Values in) {
    Value h = in[1];
    Value c = in[2];
    for (int t = 0; t < 3; ++t) {
      const Value gates = add(in[0], concat(std::array<Value, 4>{h, h, c, h}));
      std::tie(h, c) = lstm(gates, c);
    }
    return h;
  };
  tests::expect_gradient(chain, {random_array({2, 12}, 1), random_array({2, 3}, 2), random_array({2, 3}, 3)});
}

}  // namespace
}  // namespace drawlab
