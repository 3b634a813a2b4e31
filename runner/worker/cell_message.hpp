#pragma once

#include "drawlab/config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace drawlab::runner {

/// What a cell tells whoever started it, one JSON object a line on its standard output.
struct CellMessage {
  enum class Event {
    started,   // it has the lease and its data: text (starts or continues), threads, epoch, epochs, total_steps
    progress,  // several times a second at most: phase, epoch, step, total_step, loss, kl, samples_per_second
    epoch,     // an epoch ended: epoch, loss and kl on validation
    notice,    // text for the user
    left,      // another process trains the run: text
    ended,     // status and, where it is not done, text
  };
  Event event = Event::notice;
  std::string text;
  std::string status;  // done, stopped, diverged, failed
  std::string phase;   // train, validation, test
  std::int64_t threads = 0;
  std::int64_t epoch = 0;
  std::int64_t epochs = 0;
  std::int64_t step = 0;
  std::int64_t steps = 0;
  std::int64_t total_step = 0;
  std::int64_t total_steps = 0;
  double loss = 0;
  double kl = 0;
  double samples_per_second = 0;

  ConfigNode tree() const;
  /// One line without its end.
  std::string line() const { return to_json(tree()); }
  /// Nothing where the line is not such a message.
  static std::optional<CellMessage> from_line(std::string_view line);
};

}  // namespace drawlab::runner
