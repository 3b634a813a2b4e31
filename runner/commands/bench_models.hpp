#pragma once

#include <span>
#include <string_view>

namespace drawlab::runner {

/// A model to measure, as the `base` section of an experiment.
struct BenchModel {
  std::string_view name;
  std::string_view yaml;
};

/// The paper's models, by the names that `drawlab bench --model` takes.
std::span<const BenchModel> bench_models();

}  // namespace drawlab::runner
