#include "system/terminal.hpp"

#include "system/user_folders.hpp"

#include <unistd.h>

#include <cstdlib>

namespace drawlab {

bool animated_terminal() {
  const std::string terminal = environment("TERM");
  return isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr && !terminal.empty() && terminal != "dumb";
}

}  // namespace drawlab
