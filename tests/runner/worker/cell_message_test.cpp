#include "runner/worker/cell_message.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace drawlab::runner {
namespace {

TEST(CellMessage, ComesBackFromItsLine) {
  CellMessage message;
  message.event = CellMessage::Event::progress;
  message.phase = Split::validation;
  message.epoch = 3;
  message.epochs = 8;
  message.step = 17;
  message.steps = 391;
  message.total_step = 799;
  message.total_steps = 3128;
  message.loss = 131.25;
  message.kl = 12.5;
  message.samples_per_second = 700;
  const auto back = CellMessage::from_line(message.line());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->line(), message.line());
  EXPECT_EQ(back->event, CellMessage::Event::progress);
  EXPECT_EQ(back->phase, Split::validation);
  EXPECT_EQ(back->total_step, 799);
  EXPECT_EQ(back->loss, 131.25);
}

TEST(CellMessage, LeavesOutALossThatIsNotFinite) {
  CellMessage message;
  message.event = CellMessage::Event::epoch;
  message.loss = std::numeric_limits<double>::infinity();
  EXPECT_EQ(message.line().find("loss"), std::string::npos);
  const auto back = CellMessage::from_line(message.line());
  ASSERT_TRUE(back);
  EXPECT_TRUE(std::isnan(back->loss));
}

TEST(CellMessage, IsNothingElseThatAProcessMayPrint) {
  EXPECT_FALSE(CellMessage::from_line("terminate called after throwing"));
  EXPECT_FALSE(CellMessage::from_line("{\"event\": \"unheard of\"}"));
  EXPECT_FALSE(CellMessage::from_line("[1, 2]"));
  EXPECT_FALSE(CellMessage::from_line(""));
}

}  // namespace
}  // namespace drawlab::runner
