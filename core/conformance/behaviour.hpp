#pragma once

#include "conformance/subject.hpp"

namespace drawlab::conformance {

/// Checks the result's shape for 1 and 3 samples.
void check_shapes(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// Checks that each option that counts as changing the result changes something (at least the initial parameters), on
/// one of the images of the trials with the defaults, or beside another value of another option.
void check_options_matter(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// Checks that a sample's result depends neither on the other samples of the batch nor on their order.
void check_batches(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// Checks that the same call gives the same bits: again, after another one, without recording, in a second object, and
/// on several threads at once.
void check_repeats(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// Checks that values and gradients stay finite in f32 for extreme parameters.
void check_extremes(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// Checks that parameters are created in the constructor alone, with the same names and shapes each time, and that
/// another object with the same numbers gives the same result.
void check_parameters(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// Checks that the window's numbers are valid, and that at least half of what is read or written lies inside it.
void check_windows(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// Checks that some steps of Adam bring the result nearer to that of other parameters.
void check_learning(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

}  // namespace drawlab::conformance
