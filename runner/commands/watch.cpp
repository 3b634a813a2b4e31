#include "drawlab/error.hpp"

#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/schedule/run_lines.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <thread>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

using Clock = std::chrono::steady_clock;

// Between two cells nothing trains for a moment, longer where the machine is busy.
constexpr std::chrono::seconds kIdle{10};

bool rewrites_screen() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

Screen screen_size() {
  constexpr std::size_t kUnbounded = 1 << 20;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {kUnbounded, kUnbounded};
  return {size.ws_col, size.ws_row};
}

}  // namespace

int watch_command(const std::vector<std::string>& words) {
  Arguments arguments(
      "watch [EXPERIMENT] [options]",
      "Follows a grid that trains, whoever started it and wherever: reads the database alone. Ends when "
      "nothing is left to train, or nobody has trained for ten seconds;\noff a terminal, prints how things stand and "
      "ends at once.");
  add_database_option(arguments);
  arguments.positional("EXPERIMENT");
  arguments.add()("interval", po::value<double>()->value_name("SECONDS")->default_value(2, "2"),
                  "between two looks, 0.1 to 3600");
  arguments.add()("once", "look once");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const double interval = (*values)["interval"].as<double>();
  if (!(interval >= 0.1 && interval <= 3600)) {
    throw ConfigError(fmt::format("--interval: {} is outside 0.1..3600", interval));
  }
  const auto given = words_of(*values, "EXPERIMENT");
  const std::string experiment = given.empty() ? "" : given.front();
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  if (!experiment.empty()) require_experiment(store, experiment);
  if (values->count("once") > 0 || !rewrites_screen()) {
    std::cout << watch_text(store, experiment, screen_size()) << std::flush;
    return 0;
  }
  auto busy_until = Clock::now();
  while (true) {
    std::cout << "\033[H\033[J" << watch_text(store, experiment, screen_size()) << std::flush;
    if (!has_more_to_train(store, experiment)) break;
    const auto now = Clock::now();
    if (is_training(store, experiment)) {
      busy_until = now;
    } else if (now - busy_until >= kIdle) {
      break;
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(interval));
  }
  std::cout << "nothing trains any more\n";
  return 0;
}

}  // namespace drawlab::runner
