#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace drawlab {
namespace {

using tests::array;
using tests::check;
using tests::random_array;
using tests::Values;

const tests::Array kSix = array({2, 3}, {1, 2, 3, 4, 5, 6});

TEST(Operation, PutsRowsSideBySide) {
  check({[](Tape&, Values in) { return concat(in); },
         {kSix, array({2, 1, 1, 2}, {-1, -2, -3, -4})},
         {1, 2, 3, -1, -2, 4, 5, 6, -3, -4},
         [](Tape& tape) {
           concat(std::array<Value, 2>{tape.constant({2, 3}, 1), tape.constant({3, 3}, 1)});
         },
         "concat: shapes [2, 3] and [3, 3] do not fit: all parts must have the same batch"});
}

TEST(Operation, ConcatenatesOneValueWithItself) {
  check({[](Tape&, Values in) {
           return concat(std::array<Value, 3>{in[0], in[1], in[0]});
         },
         {array({1, 2}, {1, 2}), array({1, 1}, {7})},
         {1, 2, 7, 1, 2},
         [](Tape&) { concat({}); },
         "concat: no parts"});
}

TEST(Operation, CutsColumnsOutOfRows) {
  check({[](Tape&, Values in) { return slice(in[0], 1, 2); },
         {array({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8})},
         {2, 3, 6, 7},
         [](Tape& tape) {
           slice(tape.constant({2, 3}, 1), 2, 2);
         },
         "slice: columns 2…3 are outside the rows of shape [2, 3]"});
}

TEST(Operation, GathersTheGradientsOfOverlappingSlices) {
  check({[](Tape&, Values in) {
           return concat(std::array<Value, 3>{slice(in[0], 0, 2), slice(in[0], 1, 2), in[0]});
         },
         {kSix},
         {1, 2, 2, 3, 1, 2, 3, 4, 5, 5, 6, 4, 5, 6},
         {},
         {}});
}

TEST(Operation, ReshapesWithTheSameNumbers) {
  check({[](Tape&, Values in) {
           return reshape(in[0], {3, 1, 2});
         },
         {kSix},
         {1, 2, 3, 4, 5, 6},
         [](Tape& tape) {
           reshape(tape.constant({2, 3}, 1), {2, 2});
         },
         "reshape: [2, 3] has not as many numbers as [2, 2]"});
}

TEST(Operation, SharesTheGradientAmongReshapes) {
  check({[](Tape&, Values in) {
           const Value column = reshape(in[0], {6, 1});
           const Value again = reshape(column, {2, 3});
           return mul(add(again, in[0]), reshape(mul(column, column), {2, 3}));
         },
         {kSix},
         {2, 16, 54, 128, 250, 432},
         {},
         {}});
}

TEST(Operation, RepeatsOneRowForEverySample) {
  check({[](Tape&, Values in) { return repeat_rows(in[0], 3); },
         {array({1, 2}, {5, -1})},
         {5, -1, 5, -1, 5, -1},
         [](Tape& tape) {
           repeat_rows(tape.constant({1, 1, 1, 1}, 1), 2);
         },
         "repeat_rows: shape [1, 1, 1, 1] does not fit: its rank must be below 4"});
  check({[](Tape&, Values in) { return repeat_rows(in[0], 2); },
         {array({3}, {5, -1, 2})},
         {5, -1, 2, 5, -1, 2},
         [](Tape& tape) { repeat_rows(tape.constant({3}, 1), 0); },
         "repeat_rows: 0 rows; at least 1 is needed"});
}

TEST(Operation, RepeatsLongRowsWithAllVectorsOfTheirGradient) {
  tests::expect_gradient([](Tape&, Values in) { return repeat_rows(in[0], 3); }, {random_array({133}, 1)});
  const ParameterStore none;
  tests::expect_precisions_agree([](Tape&, Values in) { return repeat_rows(in[0], 3); }, {random_array({133}, 1)},
                                 none);
}

TEST(Operation, SumsRows) {
  check({[](Tape&, Values in) { return sum_rows(in[0]); },
         {kSix},
         {6, 15},
         [](Tape& tape) { sum_rows(tape.constant({}, 1)); },
         "sum_rows: shape [] does not fit: it must have a batch"});
}

TEST(Operation, SumsAColumnByConstantWeights) {
  check({[](Tape&, Values in) {
           return weighted_sum(in[0], std::vector<float>{0.5F, 0, -2});
         },
         {array({3, 1}, {4, 100, 1})},
         {0},
         [](Tape& tape) {
           weighted_sum(tape.constant({3, 1}, 1), std::vector<float>{1, 1});
         },
         "weighted_sum: shape [3, 1] and 2 weights do not fit: [B,1] and B weights are needed"});
}

}  // namespace
}  // namespace drawlab
