#pragma once

#include "results/store.hpp"
#include "runner/worker/cell_message.hpp"

#include <memory>
#include <ostream>
#include <string>

namespace drawlab::runner {

/// A cell as its runner speaks of it.
struct CellName {
  results::RunId run = 0;
  std::string title;  // "read=global write=gaussian(size=5) seed=2"
};

/// Shows how a grid is doing. Called from one thread.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void notice(const std::string& text) = 0;
  /// A message of a cell that is training.
  virtual void message(const CellName& cell, const CellMessage& message) = 0;
  /// Called a few times a second, for what moves with time alone.
  virtual void tick() {}
};

enum class ProgressStyle { automatic, bar, plain, json, none };

/// `cells`: how many are to be trained. Bars need a terminal behind `out`: without one, or under NO_COLOR or
/// TERM=dumb, `automatic` is `plain`.
std::unique_ptr<Progress> make_progress(ProgressStyle style, std::ostream& out, std::size_t cells);

/// Whether stderr is a terminal on which a line may be written over.
bool animated_terminal();

/// `12 s`, `3 min 20 s`, `2 h 05 min`.
std::string duration_text(double seconds);

}  // namespace drawlab::runner
