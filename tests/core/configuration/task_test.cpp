#include "configuration/task.hpp"

#include <gtest/gtest.h>

namespace drawlab {
namespace {

TEST(Task, HasANameThatReadsBack) {
  for (const Task task : {Task::generate, Task::classify}) EXPECT_EQ(parse_task(task_name(task)), task);
  EXPECT_STREQ(task_name(Task::generate), "generate");
  EXPECT_STREQ(task_name(Task::classify), "classify");
}

TEST(Task, IsNothingForAnUnknownName) {
  EXPECT_EQ(parse_task("generates"), std::nullopt);
  EXPECT_EQ(parse_task(""), std::nullopt);
}

}  // namespace
}  // namespace drawlab
