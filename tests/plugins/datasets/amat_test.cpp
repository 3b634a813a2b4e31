#include "datasets/mnist/amat.hpp"

#include "files.hpp"
#include "mnist_files.hpp"

#include <gmock/gmock.h>

namespace drawlab::mnist {
namespace {

using ::testing::HasSubstr;
using tests::amat;
using tests::data_error_of;

Content content_of(std::string text) { return {"x.amat", false, std::move(text)}; }

std::string error_of(const std::string& text, int rows = 3) {
  return data_error_of([&] { parse_amat(content_of(text), rows, 784); });
}

void expect_pixels(const BitImages& images, int rows, int columns) {
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      ASSERT_EQ(images.pixel(row, column), tests::amat_pixel(row, column)) << row << ' ' << column;
    }
  }
}

TEST(Amat, ReadsEveryPixel) { expect_pixels(parse_amat(content_of(amat(5)), 5, 784), 5, 784); }

TEST(Amat, ReadsLinesWhoseLengthIsNoMultipleOfEight) {
  expect_pixels(parse_amat(content_of(amat(4, 13)), 4, 13), 4, 13);
}

TEST(Amat, ReadsTabsDoubleSpacesAndCarriageReturns) {
  std::string text = amat(3);
  text.replace(text.find(' '), 1, "\t ");
  text.insert(text.find('\n'), " \r");
  expect_pixels(parse_amat(content_of(text), 3, 784), 3, 784);
}

TEST(Amat, NeedsNoNewlineAfterTheLastLineAndAllowsEmptyOnes) {
  std::string text = amat(3);
  text.pop_back();
  expect_pixels(parse_amat(content_of(text), 3, 784), 3, 784);
  expect_pixels(parse_amat(content_of(text + "\n\n \n"), 3, 784), 3, 784);
}

TEST(Amat, NamesACharacterThatIsNoPixel) {
  std::string text = amat(3);
  text[1568 + 20] = '2';
  EXPECT_EQ(error_of(text), "x.amat: at byte 1588: line 2, number 11: '2' is not 0 or 1");
  text[1568 + 20] = '\x01';
  EXPECT_THAT(error_of(text), HasSubstr("byte 1 is not 0 or 1"));
}

TEST(Amat, RefusesNumbersOfSeveralDigits) {
  std::string text = amat(3);
  text.insert(1, ".0");
  EXPECT_THAT(error_of(text), HasSubstr("at byte 1: line 1, number 1: '.' follows the digit"));
}

TEST(Amat, RefusesTooFewOrTooManyNumbersInALine) {
  std::string few = amat(3);
  few.erase(1568, 2);
  EXPECT_THAT(error_of(few), HasSubstr("line 2 has 783 numbers; needed: 784"));
  std::string many = amat(3);
  many.insert(1568, "0 ");
  EXPECT_THAT(error_of(many), HasSubstr("line 2 has more than 784 numbers"));
}

TEST(Amat, RefusesTooFewOrTooManyLines) {
  EXPECT_EQ(error_of(amat(2)), "x.amat: at byte 3136: the file ends after 2 lines; needed: 3");
  EXPECT_EQ(error_of(amat(4)), "x.amat: at byte 4704: 1568 bytes follow the last of 3 lines");
}

TEST(Amat, SaysThatItsLastLineIsCutShort) {
  EXPECT_THAT(error_of(amat(3).substr(0, 4000)),
              HasSubstr("at byte 4000: line 3 has 432 numbers; needed: 784 (the file is cut short)"));
}

}  // namespace
}  // namespace drawlab::mnist
