#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace drawlab {
namespace {

using tests::array;
using tests::check;
using tests::Values;

const tests::Array kLeft = array({2, 2}, {1, -2, 0.5, 3});
const tests::Array kRight = array({2, 2}, {4, 0.5, -1, 2});

/// Calls a function of two arrays with shapes that differ.
auto unequal(Value (*operation)(Value, Value)) {
  return [operation](Tape& tape) { operation(tape.constant({2, 3}, 1), tape.constant({2, 4}, 1)); };
}

std::string unequal_refusal(const std::string& name) {
  return name + ": shapes [2, 3] and [2, 4] do not fit: they must be equal";
}

TEST(Operation, AddsElementByElement) {
  check({[](Tape&, Values in) { return add(in[0], in[1]); },
         {kLeft, kRight},
         {5, -1.5, -0.5, 5},
         unequal(add),
         unequal_refusal("add")});
}

TEST(Operation, SubtractsElementByElement) {
  check({[](Tape&, Values in) { return sub(in[0], in[1]); },
         {kLeft, kRight},
         {-3, -2.5, 1.5, 1},
         unequal(sub),
         unequal_refusal("sub")});
}

TEST(Operation, MultipliesElementByElement) {
  check({[](Tape&, Values in) { return mul(in[0], in[1]); },
         {kLeft, kRight},
         {4, -1, -0.5, 6},
         unequal(mul),
         unequal_refusal("mul")});
}

TEST(Operation, DividesElementByElement) {
  check({[](Tape&, Values in) { return div(in[0], in[1]); },
         {kLeft, kRight},
         {0.25, -4, -0.5, 1.5},
         unequal(div),
         unequal_refusal("div")});
}

TEST(Operation, ScalesAndShiftsByConstants) {
  check({[](Tape&, Values in) { return affine(in[0], -2, 0.5); }, {kLeft}, {-1.5, 4.5, -0.5, -5.5}, {}, {}});
}

TEST(Operation, TakesExponentials) {
  check({[](Tape&, Values in) { return exp(in[0]); },
         {array({4}, {-2, 0, 0.5, 1})},
         {0.1353352832366127, 1, 1.6487212707001282, 2.718281828459045},
         {},
         {}});
}

TEST(Operation, TakesLogarithms) {
  check({[](Tape&, Values in) { return log(in[0]); },
         {array({4}, {0.25, 1, 2, 4})},
         {-1.3862943611198906, 0, 0.6931471805599453, 1.3862943611198906},
         {},
         {}});
}

TEST(Operation, TakesSquareRoots) {
  check({[](Tape&, Values in) { return sqrt(in[0]); }, {array({2, 2}, {0.25, 1, 2.25, 16})}, {0.5, 1, 1.5, 4}, {}, {}});
}

TEST(Operation, TakesSinesAndCosines) {
  check({[](Tape&, Values in) { return sin(in[0]); },
         {array({4}, {-1, 0, 0.5, 2})},
         {-0.8414709848078965, 0, 0.479425538604203, 0.9092974268256817},
         {},
         {}});
  check({[](Tape&, Values in) { return cos(in[0]); },
         {array({4}, {-1, 0.25, 0.5, 2})},
         {0.5403023058681398, 0.9689124217106447, 0.8775825618903728, -0.4161468365471424},
         {},
         {}});
}

TEST(Operation, AddsSubtractsAndMultipliesByOperators) {
  check({[](Tape&, Values in) { return in[0] * in[1] + in[0] - in[1]; },
         {array({1, 2}, {2, 3}), array({1, 2}, {5, -1})},
         {7, 1},
         {},
         {}});
}

TEST(Operation, TakesHyperbolicTangents) {
  check({[](Tape&, Values in) { return tanh(in[0]); },
         {array({4}, {-1, 0.25, 0.5, 2})},
         {-0.7615941559557649, 0.24491866240370913, 0.46211715726000974, 0.9640275800758169},
         {},
         {}});
}

TEST(Operation, TakesSigmoids) {
  check({[](Tape&, Values in) { return sigmoid(in[0]); },
         {array({1, 4}, {-2, 0, 1, 3})},
         {0.11920292202211755, 0.5, 0.7310585786300049, 0.9525741268224334},
         {},
         {}});
}

TEST(Operation, CutsBelowZero) {
  check({[](Tape&, Values in) { return relu(in[0]); }, {array({4}, {-2, -0.5, 1, 3})}, {0, 0, 1, 3}, {}, {}});
}

TEST(Operation, ClampsWithGradientZeroOutside) {
  check({[](Tape&, Values in) { return clamp(in[0], -1, 2); },
         {array({4}, {-2, -0.5, 1, 3})},
         {-1, -0.5, 1, 2},
         [](Tape& tape) { clamp(tape.constant({2}, 0), 1, -1); },
         "clamp: the limits are the wrong way round"});
  const ParameterStore none;
  const auto outcome = tests::run([](Tape&, Values in) { return clamp(in[0], -1, 2); }, {array({4}, {-2, -0.5, 1, 3})},
                                  none, Precision::f32);
  EXPECT_EQ(outcome.inputs[0][0], 0);
  EXPECT_GT(outcome.inputs[0][1], 0);
  EXPECT_EQ(outcome.inputs[0][3], 0);
}

TEST(Operation, SigmoidIsFiniteAndRightFarOut) {
  ParameterStore none;
  for (const Precision precision : {Precision::f32, Precision::f64}) {
    Tape tape(none, precision);
    const Value y = sigmoid(tape.input({6}, std::vector<double>{-1e4, -100, -30, 30, 100, 1e4}));
    std::vector<double> numbers(6);
    tape.read(y, std::span<double>(numbers));
    EXPECT_NEAR(numbers[0], 0, 1e-30);
    EXPECT_NEAR(numbers[1], 0, 1e-30);
    EXPECT_NEAR(numbers[2] / 9.357622968839299e-14, 1, 1e-5);
    for (int i = 3; i < 6; ++i) EXPECT_NEAR(numbers[static_cast<std::size_t>(i)], 1, 1e-6);
  }
}

}  // namespace
}  // namespace drawlab
