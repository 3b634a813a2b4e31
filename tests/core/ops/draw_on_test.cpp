#include "ops/draw_on.hpp"

#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

namespace drawlab {
namespace {

using tests::check;
using tests::fixed;
using tests::random_array;
using tests::Values;

/// Two glimpses of a model: what is drawn depends on the canvas before.
template <class Draw>
Value drawn(Values in, Draw draw) {
  Value canvas = in[0];
  for (const Value& factor : {in[2], in[3]}) canvas = draw(canvas, mul(factor, error_image(in[1], canvas)));
  return bernoulli_nll(in[1], canvas);
}

TEST(DrawOn, AddsTheUpdate) {
  check({[](Tape&, Values in) { return draw_on(in[0], in[1]); },
         {tests::array({1, 2}, {0.5, -1}), tests::array({1, 2}, {2, 0.25})},
         {2.5, -0.75},
         [](Tape& tape) {
           draw_on(tape.constant({2, 6}, 0), tape.constant({2, 3}, 0));
         },
         "draw_on: shapes [2, 6] and [2, 3] do not fit: they must be equal"});
}

TEST(DrawOn, HasTheGradientsOfAddition) {
  const ParameterStore none;
  const auto draws_on = [](Tape&, Values in) { return drawn(in, draw_on); };
  const auto adds = [](Tape&, Values in) { return drawn(in, add); };
  const tests::Array canvas = random_array({3, 1, 2, 5}, 1);
  const tests::Array image = fixed(random_array({3, 1, 2, 5}, 2, 0, 1));
  const tests::Array first = random_array({3, 1, 2, 5}, 3);
  const tests::Array second = random_array({3, 1, 2, 5}, 4);
  for (const auto& inputs : {std::vector{canvas, image, first, second},
                             {fixed(canvas), image, first, second},
                             {canvas, image, fixed(first), fixed(second)}}) {
    tests::expect_gradient(draws_on, inputs);
    tests::expect_same(draws_on, adds, inputs, none, Precision::f32, 0);
  }
}

}  // namespace
}  // namespace drawlab
