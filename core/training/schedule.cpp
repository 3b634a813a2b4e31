#include "training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace drawlab {

double learning_rate_at(const TrainingOptions& options, std::int64_t step, std::int64_t steps_per_epoch) {
  switch (options.schedule) {
    case TrainingOptions::Schedule::constant:
      return options.learning_rate;
    case TrainingOptions::Schedule::cosine: {
      const double all = static_cast<double>(options.epochs) * static_cast<double>(steps_per_epoch);
      const double share = 0.5 * (1 + std::cos(std::numbers::pi * static_cast<double>(step) / all));
      return options.final_learning_rate + (options.learning_rate - options.final_learning_rate) * share;
    }
    case TrainingOptions::Schedule::step: {
      const std::int64_t steps = step / (steps_per_epoch * options.step_epochs);
      return options.learning_rate * std::pow(options.step_factor, static_cast<double>(steps));
    }
  }
  return options.learning_rate;
}

double kl_weight_at(const TrainingOptions& options, std::int64_t step, std::int64_t steps_per_epoch) {
  const double rise = options.kl_warmup * static_cast<double>(steps_per_epoch);
  return rise <= 0 ? 1 : std::min(1.0, static_cast<double>(step) / rise);
}

}  // namespace drawlab
