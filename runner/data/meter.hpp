#pragma once

#include "host/dataset_host.hpp"
#include "system/stopwatch.hpp"

#include <ostream>
#include <string>

namespace drawlab::runner {

/// Shows how much of a long task is done: on a terminal in one line that is overwritten, elsewhere in a new line every
/// ten seconds. Tasks of less than a second show nothing.
class Meter {
 public:
  Meter(std::string what, std::ostream& out, bool is_terminal);
  /// Erases its line.
  ~Meter();
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  /// `share` is between 0 and 1.
  void at(double share);

 private:
  std::string what_;
  std::ostream& out_;
  bool is_terminal_;
  bool shown_ = false;
  Stopwatch since_start_;
  Stopwatch since_last_;
};

/// Shows on standard error how much of a dataset's preparation is done, with one meter per task.
OpeningProgress opening_meter();

}  // namespace drawlab::runner
