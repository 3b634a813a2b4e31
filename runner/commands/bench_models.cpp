#include "runner/commands/bench_models.hpp"

#include <array>

namespace drawlab::runner {

// Glimpses, sizes and windows of the paper's Table 3. Built-in images replace datasets that may not be here.
std::span<const BenchModel> bench_models() {
  static constexpr std::array kModels = {
      BenchModel{"paper-mnist", R"(
dataset: {first_available: [{mnist: {binarization: fixed}}, digits]}
model: {glimpses: 64, hidden: 256, latent: 100}
read: {gaussian: {size: 2}}
write: {gaussian: {size: 5}}
)"},
      BenchModel{"paper-mnist-global", R"(
dataset: {first_available: [{mnist: {binarization: fixed}}, digits]}
model: {glimpses: 10, hidden: 256, latent: 100}
read: global
write: global
)"},
      BenchModel{"cluttered", R"(
task: classify
dataset: {cluttered_mnist: {source: digits}}
model: {glimpses: 8, hidden: 256}
read: {gaussian: {size: 12}}
)"},
      BenchModel{"svhn", R"(
dataset: {house_numbers: {format: numbers}}
model: {glimpses: 32, hidden: 800, latent: 100}
read: {gaussian: {size: 12}}
write: {gaussian: {size: 12}}
)"},
      BenchModel{"cifar10", R"(
dataset: {house_numbers: {format: digits}}
model: {glimpses: 64, hidden: 400, latent: 200}
read: {gaussian: {size: 5}}
write: {gaussian: {size: 5}}
)"},
  };
  return kModels;
}

}  // namespace drawlab::runner
