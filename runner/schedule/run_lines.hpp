#pragma once

#include "results/store.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace drawlab::runner {

/// The size of a terminal in letters.
struct Screen {
  std::size_t width = 80;
  std::size_t height = 24;
};

/// The numbers as a row of bars of eight heights. Shows at most `width` of them, evenly spaced, with the first and the
/// last. Numbers that are not finite leave a gap.
std::string sparkline(std::span<const double> numbers, std::size_t width);

/// A bar of `width` letters, filled from the left.
std::string share_bar(double share, std::size_t width);

/// The state of an experiment's runs (of all runs if `experiment` is empty), one line per run, those in training first:
/// epochs, the validation bound as a curve and a number, time spent and time left. Cut to the screen, with a line for
/// the number of runs left out. Contains no control characters.
std::string watch_text(const results::Store& store, const std::string& experiment, const Screen& screen);

/// Whether a process is training a run of the experiment.
bool is_training(const results::Store& store, const std::string& experiment);

/// Whether a run of the experiment is training, waiting or interrupted.
bool has_more_to_train(const results::Store& store, const std::string& experiment);

}  // namespace drawlab::runner
