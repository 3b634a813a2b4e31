#pragma once

#include "drawlab/config.hpp"
#include "drawlab/dataset.hpp"

#include "results/status.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace drawlab::runner {

/// What a cell's process tells the process that started it, one JSON object per line on its standard output.
struct CellMessage {
  enum class Event {
    started,   // it has the lease and its data: text (starts or continues), threads, epoch, epochs, total_steps
    progress,  // a few times per second: phase, epoch, step, total_step, loss, kl, samples_per_second
    epoch,     // an epoch ended: epoch, loss and kl on validation
    notice,    // text for the user
    left,      // another process trains the run: text
    ended,     // status and, unless it is done, text
  };
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

  Event event = Event::notice;
  std::string text;  // for people
  results::Status status = results::Status::failed;
  Split phase = Split::train;  // train: training; else the split that is evaluated
  std::int64_t threads = 0;
  std::int64_t epoch = 0;
  std::int64_t epochs = 0;
  std::int64_t step = 0;
  std::int64_t steps = 0;
  std::int64_t total_step = 0;
  std::int64_t total_steps = 0;
  double loss = kUnknown;
  double kl = kUnknown;
  double samples_per_second = kUnknown;

  ConfigNode tree() const;
  /// One line without its end.
  std::string line() const { return to_json(tree()); }
  /// Inverse of line(); nothing if the line is no such message.
  static std::optional<CellMessage> from_line(std::string_view line);
};

}  // namespace drawlab::runner
