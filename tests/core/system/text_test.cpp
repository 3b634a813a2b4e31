#include "system/text.hpp"

#include <gtest/gtest.h>

namespace drawlab {
namespace {

TEST(Text, OfADurationHasTwoUnitsAtMost) {
  EXPECT_EQ(duration_text(-1), "0 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(59.6), "1 min 00 s");
  EXPECT_EQ(duration_text(3599), "59 min 59 s");
  EXPECT_EQ(duration_text(7500), "2 h 05 min");
}

TEST(Text, OfASizeHasItsUnit) {
  EXPECT_EQ(size_text(912), "912 B");
  EXPECT_EQ(size_text(31400), "31.4 kB");
  EXPECT_EQ(size_text(9912422), "9.9 MB");
  EXPECT_EQ(size_text(1955489752), "1.96 GB");
}

TEST(Text, OfACountHasItsPlural) {
  EXPECT_EQ(counted(0, "digit"), "0 digits");
  EXPECT_EQ(counted(1, "digit"), "1 digit");
  EXPECT_EQ(counted(2, "digit"), "2 digits");
}

}  // namespace
}  // namespace drawlab
