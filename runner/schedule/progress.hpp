#pragma once

#include "results/store.hpp"
#include "runner/worker/cell_message.hpp"

#include <memory>
#include <ostream>
#include <string>

namespace drawlab::runner {

/// How messages name a cell.
struct CellName {
  results::RunId run = 0;
  std::string title;  // "read=global write=gaussian(size=5) seed=2"
};

/// Shows the progress of a grid. Called from one thread.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void notice(const std::string& text) = 0;
  /// A message of a cell that is training.
  virtual void message(const CellName& cell, const CellMessage& message) = 0;
  /// Called a few times per second, for output that changes with time alone.
  virtual void tick() {}
};

enum class ProgressStyle { automatic, bar, plain, json, none };

/// `cells`: the number of cells to train. `automatic` is `bar` on a terminal, and `plain` without one, under NO_COLOR
/// or with TERM=dumb.
std::unique_ptr<Progress> make_progress(ProgressStyle style, std::ostream& out, std::size_t cells);

}  // namespace drawlab::runner
