#pragma once

#include "results/store.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace drawlab::runner {

/// How much room there is.
struct Screen {
  std::size_t width = 80;
  std::size_t height = 24;
};

/// The numbers as a row of bars of eight heights, the lowest as the lowest bar; at most `width` of them, thinned
/// evenly with the first and the last. Numbers that are not finite leave a gap.
std::string sparkline(std::span<const double> numbers, std::size_t width);

/// A bar of `width` letters, filled from the left.
std::string share_bar(double share, std::size_t width);

/// How the runs of an experiment (of all where it is empty) stand, a line each, those that train first: epochs, the
/// bound on validation as a curve and a number, time spent and to go. Cut to the screen, with a line that says how
/// many are left out. No control characters.
std::string watch_text(const results::Store& store, const std::string& experiment, const Screen& screen);

/// Whether a process trains a run of it now.
bool is_training(const results::Store& store, const std::string& experiment);

/// Whether a run of it trains, waits to, or was interrupted.
bool has_more_to_train(const results::Store& store, const std::string& experiment);

}  // namespace drawlab::runner
