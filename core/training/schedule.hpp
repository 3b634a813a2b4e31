#pragma once

#include "configuration/cell_config.hpp"

#include <cstdint>

namespace drawlab {

/// The learning rate of a step (0-based, since the start of the run).
double learning_rate_at(const TrainingOptions& options, std::int64_t step, std::int64_t steps_per_epoch);

/// The weight of the KL in the training loss: from 0 straight up to 1 over the first kl_warmup epochs.
double kl_weight_at(const TrainingOptions& options, std::int64_t step, std::int64_t steps_per_epoch);

}  // namespace drawlab
