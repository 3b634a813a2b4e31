#include "system/user_folders.hpp"

#include "sandbox.hpp"

#include <gtest/gtest.h>

namespace drawlab {
namespace {

TEST(UserFolders, FollowTheEnvironment) {
  const test::Environment home("HOME", "/home/someone");
  const test::Environment cache("XDG_CACHE_HOME", "/elsewhere");
  const test::Environment data("XDG_DATA_HOME", "relative/is/ignored");
  EXPECT_EQ(user_cache_folder(), "/elsewhere/drawlab");
  EXPECT_EQ(user_data_folder(), "/home/someone/.local/share/drawlab");
  EXPECT_EQ(expand_home("~/x"), "/home/someone/x");
  EXPECT_EQ(expand_home("x/~"), "x/~");
}

TEST(UserFolders, AreFoundWithoutAnEnvironment) {
  const test::Environment home("HOME", std::nullopt);
  const test::Environment cache("XDG_CACHE_HOME", std::nullopt);
  EXPECT_EQ(user_cache_folder(), home_folder() / ".cache/drawlab");
  EXPECT_EQ(environment("HOME"), "");
}

}  // namespace
}  // namespace drawlab
