#include "drawlab/ops.hpp"

#include "gradient_check.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace drawlab {
namespace {

using tests::array;
using tests::check;
using tests::Values;

TEST(Operation, AddsAColumnToEveryNumberOfARow) {
  check({[](Tape&, Values in) { return add_column(in[0], in[1]); },
         {array({2, 1, 2}, {1, 2, 3, 4}), array({2, 1}, {10, -0.5})},
         {11, 12, 2.5, 3.5},
         [](Tape& tape) {
           add_column(tape.constant({2, 3}, 1), tape.constant({3, 1}, 1));
         },
         "add_column: shapes [2, 3] and [3, 1] do not fit: the second must be [B,1] with the first's B"});
}

TEST(Operation, MultipliesEveryNumberOfARowByAColumn) {
  check({[](Tape&, Values in) { return mul_column(in[0], in[1]); },
         {array({2, 1, 2}, {1, 2, 3, 4}), array({2, 1}, {10, -0.5})},
         {10, 20, -1.5, -2},
         [](Tape& tape) {
           mul_column(tape.constant({2, 3}, 1), tape.constant({2}, 1));
         },
         "mul_column: shapes [2, 3] and [2] do not fit: the second must be [B,1] with the first's B"});
}

TEST(Operation, SpreadsAColumnOverConstants) {
  check({[](Tape&, Values in) {
           return outer(in[0], std::vector<double>{-1, 0.5, 3});
         },
         {array({2, 1}, {2, -4})},
         {-2, 1, 6, 4, -2, -12},
         [](Tape& tape) {
           outer(tape.constant({2, 2}, 1), std::vector<double>{1});
         },
         "outer: shape [2, 2] does not fit: it must be [B,1]"});
}

}  // namespace
}  // namespace drawlab
