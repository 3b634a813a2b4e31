#pragma once

#include "conformance/subject.hpp"

namespace drawlab::conformance {

/// Compares the tape's f64 gradients of every input and parameter with central differences, at up to kCoordinates
/// places of each array. An array is wrong if it is wrong at two of three points: at one the result may have a kink.
void check_gradients(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// Compares value and gradients in f32 with those in f64.
void check_precisions(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// If the mode calls custom_op: compares values and gradients of both forms, in both precisions.
void check_composed(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

}  // namespace drawlab::conformance
