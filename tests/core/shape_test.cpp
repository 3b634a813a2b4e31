#include "drawlab/shape.hpp"

#include "drawlab/error.hpp"

#include <gtest/gtest.h>

namespace drawlab {
namespace {

std::string error_of(std::initializer_list<std::int64_t> sizes) {
  try {
    const Shape shape(sizes);
    return "no error, " + shape.text();
  } catch (const ShapeError& error) {
    return error.what();
  }
}

TEST(Shape, CountsNumbersRowsAndRowSize) {
  const Shape shape{32, 1, 28, 28};
  EXPECT_EQ(shape.rank(), 4);
  EXPECT_EQ(shape.count(), 32 * 784);
  EXPECT_EQ(shape.rows(), 32);
  EXPECT_EQ(shape.row_size(), 784);
  EXPECT_EQ(shape.text(), "[32, 1, 28, 28]");
}

TEST(Shape, OfRankZeroIsASingleNumber) {
  const Shape shape;
  EXPECT_EQ(shape.rank(), 0);
  EXPECT_EQ(shape.count(), 1);
  EXPECT_EQ(shape.rows(), 1);
  EXPECT_EQ(shape.text(), "[]");
}

TEST(Shape, ChangesItsRowsAlone) { EXPECT_EQ((Shape{32, 10}.with_rows(5)), (Shape{5, 10})); }

TEST(Shape, DiffersWhereRankOrSizeDiffers) {
  EXPECT_NE((Shape{2, 3}), (Shape{3, 2}));
  EXPECT_NE((Shape{2}), (Shape{2, 1}));
}

TEST(Shape, RefusesAFifthAxisAndEmptySizes) {
  EXPECT_EQ(error_of({1, 2, 3, 4, 5}), "shape [1, 2, 3, 4, 5]: rank 5 is above 4");
  EXPECT_EQ(error_of({2, 0}), "shape [2, 0]: size 0 is below 1");
  EXPECT_THROW((Shape{2, 3}.with_rows(0)), ShapeError);
  EXPECT_THROW(Shape().with_rows(1), ShapeError);
}

}  // namespace
}  // namespace drawlab
