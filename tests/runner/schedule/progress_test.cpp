#include "runner/schedule/progress.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace drawlab::runner {
namespace {

CellMessage ended(results::Status status, const std::string& text = {}) {
  CellMessage message;
  message.event = CellMessage::Event::ended;
  message.status = status;
  message.text = text;
  return message;
}

std::string last_line(const std::string& text) {
  const std::size_t start = text.rfind('\n', text.size() - 2);
  return text.substr(start == std::string::npos ? 0 : start + 1);
}

TEST(PlainProgress, CountsCellsThatNeedNoMoreTraining) {
  std::ostringstream out;
  const auto progress = make_progress(ProgressStyle::plain, out, 3);
  progress->message({1, "seed=1"}, ended(results::Status::done));
  EXPECT_EQ(last_line(out.str()), "[1/3] seed=1: done in 0 s\n");
  progress->message({2, "seed=2"}, ended(results::Status::stopped));
  EXPECT_EQ(last_line(out.str()), "[1/3] seed=2: stopped; the same command continues it\n");
  progress->message({3, "seed=3"}, ended(results::Status::failed, "the disk is full"));
  EXPECT_EQ(last_line(out.str()), "[2/3] seed=3: failed: the disk is full\n");
}

TEST(BarProgress, CountsCellsThatNeedNoMoreTraining) {
  std::ostringstream out;
  const auto progress = make_progress(ProgressStyle::bar, out, 3);
  CellMessage started;
  started.event = CellMessage::Event::started;
  progress->message({1, "seed=1"}, started);
  progress->message({2, "seed=2"}, ended(results::Status::stopped));
  EXPECT_EQ(last_line(out.str()), "0 of 3 done\n");
  progress->message({3, "seed=3"}, ended(results::Status::done));
  EXPECT_EQ(last_line(out.str()), "1 of 3 done\n");
}

}  // namespace
}  // namespace drawlab::runner
