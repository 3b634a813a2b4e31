#include "drawlab/parameters.hpp"

#include "aligned_buffer.hpp"
#include "engine.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/lstm.hpp"
#include "kernels/noise.hpp"
#include "kernels/optimiser.hpp"
#include "kernels/products.hpp"
#include "training/workers.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <vector>

// Shapes of the paper's MNIST model: h 256, D 100, 28×28 pixels; rates count multiplications and additions, or numbers.
namespace drawlab {
namespace {

namespace k = kernels;

constexpr std::int64_t kHidden = 256;
constexpr std::int64_t kLatent = 100;
constexpr std::int64_t kPixels = 784;
constexpr std::int64_t kEncoderInputs = 520;  // r, h_dec and h_enc
constexpr std::int64_t kChunkRows = 256;      // that a layer's inputs are collected in

AlignedBuffer<float> numbers(std::int64_t n) {
  AlignedBuffer<float> buffer(static_cast<std::size_t>(n));
  fill_normal({1, Purpose::generation, 0, 0, 0}, buffer.span());
  return buffer;
}

void count(benchmark::State& state, double each, const char* what) {
  state.counters[what] = benchmark::Counter(each, benchmark::Counter::kIsIterationInvariantRate);
}

/// The encoder's weight, packed.
struct EncoderLayer {
  explicit EncoderLayer(std::int64_t rows)
      : weight(store.add("weight", {4 * kHidden, kEncoderInputs}, Initial::fan_in(kHidden), ParameterKind::weight)) {
    store.initialise(1);
    packed = std::make_unique<PackedWeights>(store, rows);
    engine.packed = packed.get();
  }
  ParameterStore store;
  Parameter weight;
  std::unique_ptr<PackedWeights> packed;
  Engine engine;
};

enum class Way { forward, backward_data };

template <Way kWay>
void Product(benchmark::State& state) {
  const FlushDenormals flush;
  const std::int64_t rows = state.range(0);
  constexpr std::int64_t kOut = 4 * kHidden;
  const EncoderLayer layer(rows);
  k::Products products;
  const k::Weight<float> factor = layer.engine.weight(layer.weight);
  auto x = numbers(rows * kEncoderInputs);
  auto y = numbers(rows * kOut);
  const auto bias = numbers(kOut);
  for (auto _ : state) {
    if constexpr (kWay == Way::forward) {
      products.forward(x.data(), rows, factor, bias.data(), y.data());
    } else {
      products.backward_data(y.data(), rows, factor, {x.data(), true});
    }
  }
  count(state, 2.0 * static_cast<double>(rows * kOut * kEncoderInputs), "flop");
}
BENCHMARK(Product<Way::forward>)->Name("ProductForward")->Arg(16)->Arg(32)->Arg(64)->Arg(128);
BENCHMARK(Product<Way::backward_data>)->Name("ProductBackwardData")->Arg(16)->Arg(32)->Arg(64)->Arg(128);

/// Of all rows of a pass, most of which lie in no near cache.
void WeightGradient(benchmark::State& state) {
  const FlushDenormals flush;
  const std::int64_t rows = state.range(0);
  const std::int64_t out = state.range(1);
  const std::int64_t in = state.range(2);
  auto x = numbers(rows * in);
  auto d_y = numbers(rows * out);
  std::vector<k::RowChunk> chunks;
  chunks.reserve(static_cast<std::size_t>(rows / kChunkRows + 1));
  for (std::int64_t row = 0; row < rows; row += kChunkRows) {
    chunks.push_back({x.data() + row * in, d_y.data() + row * out, std::min(kChunkRows, rows - row), kChunkRows,
                      chunks.empty() ? nullptr : &chunks.back()});
  }
  AlignedBuffer<float> d_weight(static_cast<std::size_t>(out * in));
  k::Products products;
  const k::WeightBlocks blocks = k::Products::weight_blocks<float>({out, in});
  for (auto _ : state) {
    for (std::int64_t i = 0; i < blocks.count(); ++i) {
      products.weight_gradient<float>(chunks.back(), blocks[i], {out, in}, d_weight.data());
    }
    if (state.iterations() % 64 == 0) std::ranges::fill(d_weight.span(), 0.0F);
  }
  count(state, 2.0 * static_cast<double>(rows * out * in), "flop");
}
BENCHMARK(WeightGradient)
    ->Args({64, 4 * kHidden, kEncoderInputs})
    ->Args({64 * 10, 4 * kHidden, 2 * kPixels + 2 * kHidden})
    ->Args({64 * 64, 4 * kHidden, kEncoderInputs})
    ->Args({64 * 64, 4 * kHidden, kLatent + kHidden})
    ->Args({64 * 64, 2 * kLatent, kHidden})
    ->Args({64 * 64, 25, kHidden})
    ->Args({64 * 64, 5, kHidden});

void PackWeights(benchmark::State& state) {
  EncoderLayer layer(32);
  for (auto _ : state) layer.packed->pack_all();
  count(state, static_cast<double>(layer.weight.shape().count()), "numbers");
}
BENCHMARK(PackWeights);

void Lstm(benchmark::State& state) {
  const FlushDenormals flush;
  const std::int64_t rows = state.range(0);
  const auto gates = numbers(rows * 4 * kHidden);
  const auto before = numbers(rows * kHidden);
  auto kept = numbers(rows * 4 * kHidden);
  auto tanh_c = numbers(rows * kHidden), h = numbers(rows * kHidden), c = numbers(rows * kHidden);
  for (auto _ : state) {
    k::lstm(gates.data(), {before.data(), kept.data(), tanh_c.data()}, h.data(), c.data(), {rows, kHidden});
  }
  count(state, static_cast<double>(rows * kHidden), "cells");
}
BENCHMARK(Lstm)->Arg(32);

void LstmBackward(benchmark::State& state) {
  const FlushDenormals flush;
  const std::int64_t rows = state.range(0);
  auto kept = numbers(rows * 4 * kHidden);
  k::sigmoid(kept.data(), kept.data(), rows * 4 * kHidden);
  const auto before = numbers(rows * kHidden), d_h = numbers(rows * kHidden), d_c = numbers(rows * kHidden);
  auto tanh_c = numbers(rows * kHidden);
  auto d_gates = numbers(rows * 4 * kHidden);
  auto d_before = numbers(rows * kHidden);
  for (auto _ : state) {
    k::lstm_backward({before.data(), kept.data(), tanh_c.data()}, d_h.data(), d_c.data(), {d_gates.data(), true},
                     {d_before.data(), true}, {rows, kHidden});
  }
  count(state, static_cast<double>(rows * kHidden), "cells");
}
BENCHMARK(LstmBackward)->Arg(32);

void GaussianLatent(benchmark::State& state) {
  const std::int64_t rows = state.range(0);
  const auto mu_log_sigma = numbers(rows * 2 * kLatent), noise = numbers(rows * kLatent);
  auto sigma = numbers(rows * kLatent), z = numbers(rows * kLatent), kl = numbers(rows);
  for (auto _ : state) {
    k::gaussian_latent({mu_log_sigma.data(), noise.data(), sigma.data()}, z.data(), kl.data(), {rows, kLatent});
  }
  count(state, static_cast<double>(rows * kLatent), "numbers");
}
BENCHMARK(GaussianLatent)->Arg(32);

void ErrorImage(benchmark::State& state) {
  const std::int64_t n = state.range(0) * kPixels;
  const auto x = numbers(n), c = numbers(n);
  auto y = numbers(n);
  for (auto _ : state) k::error_image(x.data(), c.data(), y.data(), n);
  count(state, static_cast<double>(n), "pixels");
}
BENCHMARK(ErrorImage)->Arg(32);

void BernoulliNll(benchmark::State& state) {
  const std::int64_t rows = state.range(0);
  const auto x = numbers(rows * kPixels), c = numbers(rows * kPixels);
  auto y = numbers(rows);
  for (auto _ : state) k::bernoulli_nll(x.data(), c.data(), y.data(), {rows, kPixels});
  count(state, static_cast<double>(rows * kPixels), "pixels");
}
BENCHMARK(BernoulliNll)->Arg(32);

void Adam(benchmark::State& state) {
  const FlushDenormals flush;
  const std::int64_t n = state.range(0);
  const auto gradient = numbers(n);
  auto first = numbers(n), second = numbers(n), values = numbers(n);
  std::ranges::fill(second.span(), 1.0F);
  const k::AdamStep step{1e-6F, 0.9F, 0.999F, 0.1F, 0.001F, 1e-8F, 1};
  for (auto _ : state) k::adam(step, gradient.data(), first.data(), second.data(), values.data(), n);
  count(state, static_cast<double>(n), "numbers");
}
BENCHMARK(Adam)->Arg(16384)->Arg(1 << 20);

void Noise(benchmark::State& state) {
  AlignedBuffer<float> z(static_cast<std::size_t>(kLatent));
  std::uint64_t sample = 0;
  for (auto _ : state) fill_normal({1, Purpose::latent_training, 0, sample++, 0}, z.span());
  count(state, static_cast<double>(kLatent), "numbers");
}
BENCHMARK(Noise);

}  // namespace
}  // namespace drawlab
