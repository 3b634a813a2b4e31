#pragma once

#include "conformance/subject.hpp"

namespace drawlab::conformance {

/// The result's shape for 1 and 3 samples, and the window's.
void check_shapes(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// That each option which counts as changing the result changes something, if only the first parameters, on one of the
/// images that trials with the defaults have, or beside another value of another option.
void check_options_matter(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// That a sample gives what it gives alone, whatever else is in the batch and in whatever order.
void check_batches(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// That the same call gives the same bits: again, after another one, without recording, in a second object, and on
/// several threads at once.
void check_repeats(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// That values and gradients stay finite in f32 however far the parameters go.
void check_extremes(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// That parameters are created in the constructor alone, with the same names and shapes each time, and that another
/// object with the same numbers gives the same result.
void check_parameters(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// That the window's numbers make sense, and that most of what is read or written lies inside it.
void check_windows(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// That some steps of Adam bring the result nearer to that of other parameters.
void check_learning(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

}  // namespace drawlab::conformance
