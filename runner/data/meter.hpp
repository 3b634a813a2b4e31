#pragma once

#include "host/dataset_host.hpp"

#include <chrono>
#include <ostream>
#include <string>

namespace drawlab::runner {

/// Tells how much of a long piece of work is done: on a terminal in a line that is written over, elsewhere in a line
/// every ten seconds. Work of less than a second is not spoken of.
class Meter {
 public:
  Meter(std::string what, std::ostream& out, bool is_terminal);
  /// Wipes its line.
  ~Meter();
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  /// `share` is between 0 and 1.
  void at(double share);

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  std::ostream& out_;
  bool is_terminal_;
  bool shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
};

/// Tells on stderr how much of a dataset's preparation is done: a meter for each piece of work.
OpeningProgress opening_meter();

}  // namespace drawlab::runner
