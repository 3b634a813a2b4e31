#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace drawlab {
namespace {

using tests::array;
using tests::check;
using tests::fixed;
using tests::random_array;
using tests::Values;

Value lstm_both(Tape&, Values in) {
  const auto [h, c] = lstm(in[0], in[1]);
  return concat(std::array<Value, 2>{h, c});
}

Value latent_both(Tape&, Values in) {
  const auto [z, kl] = gaussian_latent(in[0], in[1]);
  return concat(std::array<Value, 2>{z, kl});
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

TEST(Operation, DrawsALatentAndCountsItsDivergence) {
  check({latent_both,
         {array({1, 4}, {0.5, -1, 0.25, -0.5}), fixed(array({1, 2}, {2, -0.5}))},
         {3.068050833375483, -1.3032653298563166, 0.8833003559357853},
         [](Tape& tape) {
           gaussian_latent(tape.constant({2, 6}, 0), tape.constant({2, 2}, 0));
         },
         "gaussian_latent: shapes [2, 6] and [2, 2] do not fit: [B,2D] and [B,D] are needed"});
}

TEST(Operation, DrawsLatentsOfManyDimensionsAndRows) {
  const ParameterStore none;
  const std::vector<tests::Array> inputs = {random_array({3, 2 * 21}, 1, -2, 1), fixed(random_array({3, 21}, 2))};
  tests::expect_gradient(latent_both, inputs);
  tests::expect_precisions_agree(latent_both, inputs, none);
  tests::expect_gradient([](Tape&, Values in) { return gaussian_latent(in[0], in[1]).first; }, inputs);
  tests::expect_gradient([](Tape&, Values in) { return gaussian_latent(in[0], in[1]).second; }, inputs);
}

TEST(Operation, ScoresPixelsByTheirLogits) {
  check({[](Tape&, Values in) { return bernoulli_nll(in[0], in[1]); },
         {fixed(array({2, 1, 2}, {0, 1, 0.5, 0.25})), array({2, 1, 2}, {0.5, 2, -1, 3})},
         {1.1010049952230794, 3.1118490390919673},
         [](Tape& tape) {
           bernoulli_nll(tape.constant({2, 3}, 0), tape.constant({2, 4}, 0));
         },
         "bernoulli_nll: shapes [2, 3] and [2, 4] do not fit: they must be equal"});
}

TEST(Operation, ScoresClassesByTheirLogits) {
  check({[](Tape&, Values in) {
           return softmax_nll(in[0], std::vector<std::int32_t>{2, 0, -1});
         },
         {array({3, 3}, {0, 1, 2, 1, -1, 0.5, 5, 5, 5})},
         {0.40760596444438046, 0.5549569196419907, 0},
         [](Tape& tape) {
           softmax_nll(tape.constant({2, 3}, 0), std::vector<std::int32_t>{0, 3});
         },
         "softmax_nll: label 3 is outside 0…2"});
  const ParameterStore none;
  Tape tape(none, Precision::f32);
  EXPECT_THROW(softmax_nll(tape.constant({2, 3}, 0), std::vector<std::int32_t>{0}), ShapeError);
}

TEST(Operation, ScoresClassesOfHugeLogits) {
  ParameterStore none;
  for (const Precision precision : {Precision::f32, Precision::f64}) {
    Tape tape(none, precision);
    const Value y =
        softmax_nll(tape.input({2, 2}, std::vector<double>{1e6, 0, 1e6, 0}), std::vector<std::int32_t>{0, 1});
    std::vector<double> numbers(2);
    tape.read(y, std::span<double>(numbers));
    EXPECT_EQ(numbers, (std::vector<double>{0, 1e6}));
  }
}

}  // namespace
}  // namespace drawlab
