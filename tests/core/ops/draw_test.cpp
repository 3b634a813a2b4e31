#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace drawlab {
namespace {

using tests::array;
using tests::check;
using tests::fixed;
using tests::random_array;
using tests::Values;

/// Calls a function of two arrays with shapes that differ.
auto unequal(Value (*operation)(Value, Value)) {
  return [operation](Tape& tape) { operation(tape.constant({2, 3}, 1), tape.constant({2, 4}, 1)); };
}

std::string unequal_refusal(const std::string& name) {
  return name + ": shapes [2, 3] and [2, 4] do not fit: they must be equal";
}

Value latent_both(Tape&, Values in) {
  const auto [z, kl] = gaussian_latent(in[0], in[1]);
  return concat(std::array<Value, 2>{z, kl});
}

TEST(Operation, MakesTheErrorImage) {
  check({[](Tape&, Values in) { return error_image(in[0], in[1]); },
         {array({2, 2}, {0, 1, 0.5, 0.25}), array({2, 2}, {0, 2, -1, 3})},
         {-0.5, 0.11920292202211769, 0.2310585786300049, -0.7025741268224334},
         unequal(error_image),
         unequal_refusal("error_image")});
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
