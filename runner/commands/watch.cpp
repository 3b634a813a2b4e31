#include "runner/commands/commands.hpp"
#include "runner/commands/shared_options.hpp"
#include "runner/schedule/run_lines.hpp"
#include "system/user_folders.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

namespace drawlab::runner {
namespace {

using Clock = std::chrono::steady_clock;

// Between two cells nothing trains for a moment, longer on a busy machine.
constexpr std::chrono::seconds kIdle{10};

bool can_rewrite_screen() {
  const std::string terminal = environment("TERM");
  return isatty(STDOUT_FILENO) == 1 && !terminal.empty() && terminal != "dumb";
}

Screen screen_size() {
  constexpr std::size_t kUnbounded = 1 << 20;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {kUnbounded, kUnbounded};
  return {size.ws_col, size.ws_row};
}

struct Watch : CommandLine {
  const std::string& experiment = experiment_argument(*this);
  DatabaseOption database{*this};
  const double& interval = option("interval", real(0.1, 3600, "SECONDS"), "seconds between updates", "2");
  const bool& once = flag("once", "print the state once and stop");

  int run() const override {
    const results::Store store = database.open_to_read();
    if (!experiment.empty()) require_experiment(store, experiment);
    if (once || !can_rewrite_screen()) {
      std::cout << watch_text(store, experiment, screen_size()) << std::flush;
      return 0;
    }
    auto busy_until = Clock::now();
    while (true) {
      std::cout << "\033[H\033[J" << watch_text(store, experiment, screen_size()) << std::flush;
      if (!has_more_to_train(store, experiment)) break;
      const auto now = Clock::now();
      if (is_training(store, experiment)) busy_until = now;
      if (now - busy_until >= kIdle) break;
      std::this_thread::sleep_for(std::chrono::duration<double>(interval));
    }
    std::cout << "nothing is training now\n";
    return 0;
  }
};

}  // namespace

Command watch_command() {
  return command<Watch>("watch", "follows a grid while it trains",
                        "Follows a grid while it trains, on any machine: it only reads the database. It ends when "
                        "nothing is left to train or nothing has trained for ten seconds. If stdout is not a terminal, "
                        "it prints the state once.");
}

}  // namespace drawlab::runner
