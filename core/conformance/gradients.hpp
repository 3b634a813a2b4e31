#pragma once

#include "conformance/subject.hpp"

namespace drawlab::conformance {

/// The tape's f64 gradients of every input and parameter against central differences, at up to kCoordinates places of
/// each array. An array counts as wrong when it is so at two of three points: at one point the result may have a kink.
void check_gradients(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// Value and gradients in f32 against those in f64.
void check_precisions(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

/// If the plugin uses custom_op: values and gradients of both forms, in both precisions.
void check_composed(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings);

}  // namespace drawlab::conformance
