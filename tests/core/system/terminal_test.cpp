#include "system/terminal.hpp"

#include "sandbox.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

namespace drawlab {
namespace {

TEST(Terminal, IsAnimatedUnlessTheUserOrTheTerminalSaysNo) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0) GTEST_SKIP() << "no pseudo-terminal";
  const int kept = ::dup(STDERR_FILENO);
  const test::Environment colour("NO_COLOR", std::nullopt);
  const auto animated = [&](const std::optional<std::string>& name, int output) {
    const test::Environment type("TERM", name);
    ::dup2(output, STDERR_FILENO);
    const bool result = animated_terminal();
    ::dup2(kept, STDERR_FILENO);
    return result;
  };
  EXPECT_TRUE(animated("xterm", terminal));
  EXPECT_FALSE(animated("dumb", terminal));
  EXPECT_FALSE(animated(std::nullopt, terminal));
  const int nothing = ::open("/dev/null", O_WRONLY);
  EXPECT_FALSE(animated("xterm", nothing));
  {
    const test::Environment no_colour("NO_COLOR", "1");
    EXPECT_FALSE(animated("xterm", terminal));
  }
  for (const int file : {nothing, kept, terminal}) ::close(file);
}

}  // namespace
}  // namespace drawlab
