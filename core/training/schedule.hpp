#pragma once

#include "configuration/cell_config.hpp"

#include <cstdint>

namespace drawlab {

/// The learning rate of a step, counted from 0 at the start of the run.
double learning_rate_at(const TrainingOptions& options, std::int64_t step, std::int64_t steps_per_epoch);

/// The weight of the KL in the training loss. It rises linearly from 0 to 1 over the first kl_warmup epochs.
double kl_weight_at(const TrainingOptions& options, std::int64_t step, std::int64_t steps_per_epoch);

}  // namespace drawlab
