#include "kernels/products.hpp"

#include "drawlab/error.hpp"

#include "engine.hpp"
#include "gradient_check.hpp"
#include "kernels/targets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace drawlab {
namespace {

using tests::random_array;
using tests::relative_error;

struct Size {
  std::int64_t rows, out, in;
};
const std::vector<Size> kSizes = {{1, 1, 1}, {2, 3, 5}, {7, 16, 17}, {32, 20, 65}, {33, 100, 40}};

std::vector<float> floats(const std::vector<double>& numbers) { return {numbers.begin(), numbers.end()}; }
std::vector<double> doubles(const std::vector<float>& numbers) { return {numbers.begin(), numbers.end()}; }

/// Chunks of a layer's rows, the first the latest.
template <class T>
class Chunks {
 public:
  Chunks(std::vector<std::vector<T>> d_y, std::vector<std::vector<T>> x, std::int64_t in)
      : d_y_(std::move(d_y)), x_(std::move(x)), chunks_(x_.size()) {
    for (std::size_t i = x_.size(); i-- > 0;) {
      const auto rows = static_cast<std::int64_t>(x_[i].size()) / in;
      chunks_[i] = {x_[i].data(), d_y_[i].data(), rows, rows, i + 1 < x_.size() ? &chunks_[i + 1] : nullptr};
    }
  }
  const kernels::RowChunk& latest() const { return chunks_.front(); }

 private:
  std::vector<std::vector<T>> d_y_, x_;
  std::vector<kernels::RowChunk> chunks_;
};

template <class T>
void add_weight_gradient(kernels::Products& products, std::vector<std::vector<T>> d_y, std::vector<std::vector<T>> x,
                         std::int64_t out, std::int64_t in, std::vector<float>& d_weight) {
  const Chunks<T> chunks(std::move(d_y), std::move(x), in);
  const kernels::WeightBlocks blocks = kernels::Products::weight_blocks<T>({out, in});
  for (std::int64_t i = 0; i < blocks.count(); ++i) {
    products.weight_gradient<T>(chunks.latest(), blocks[i], {out, in}, d_weight.data());
  }
}
void add_weight_gradient(std::vector<std::vector<double>> d_y, std::vector<std::vector<double>> x, std::int64_t out,
                         std::int64_t in, std::vector<double>& d_weight) {
  const Chunks<double> chunks(std::move(d_y), std::move(x), in);
  kernels::weight_gradient(chunks.latest(), {out, in}, d_weight.data());
}

/// A parameter as the right-hand side of products, packed if `packed` is given.
kernels::Weight<float> factor(const Parameter& weight, const PackedWeights* packed) {
  Engine engine;
  engine.packed = packed;
  return engine.weight(weight);
}

class ProductsTest : public ::testing::TestWithParam<bool> {};

TEST_P(ProductsTest, AgreeWithPlainLoops) {
  const bool packed = GetParam();
  for (const Size& size : kSizes) {
    const auto [rows, out, in] = size;
    SCOPED_TRACE(testing::Message() << rows << " x " << in << " -> " << out);
    ParameterStore store;
    const Parameter weight = store.add("weight", {out, in}, Initial::zero(), ParameterKind::weight);
    const Parameter bias = store.add("bias", {out}, Initial::zero());
    tests::randomise(store, 1);
    const PackedWeights pack(store, 32);
    const PackedWeights* const used = packed ? &pack : nullptr;
    kernels::Products products;
    const double* const w = store.doubles().data() + weight.offset();

    const auto x = random_array({rows, in}, 1).numbers;
    std::vector<float> y(static_cast<std::size_t>(rows * out));
    std::vector<double> right(y.size());
    products.forward(floats(x).data(), rows, factor(weight, used), store.values_of(bias).data(), y.data());
    kernels::forward(x.data(), rows, {w, out, in}, store.doubles().data() + bias.offset(), right.data());
    EXPECT_LE(relative_error(doubles(y), right), 1e-6);

    const auto d_y = random_array({rows, out}, 2).numbers;
    for (const bool fresh : {true, false}) {
      std::vector<double> d_x = random_array({rows, in}, 3).numbers;
      std::vector<float> d_x_f32 = floats(d_x);
      products.backward_data(floats(d_y).data(), rows, factor(weight, used), {d_x_f32.data(), fresh});
      kernels::backward_data(d_y.data(), rows, {w, out, in}, {d_x.data(), fresh});
      EXPECT_LE(relative_error(doubles(d_x_f32), d_x), 1e-6);
    }

    std::vector<double> d_w = random_array({out, in}, 4).numbers;
    std::vector<float> d_w_f32 = floats(d_w);
    add_weight_gradient<float>(products, {floats(d_y)}, {floats(x)}, out, in, d_w_f32);
    add_weight_gradient({d_y}, {x}, out, in, d_w);
    EXPECT_LE(relative_error(doubles(d_w_f32), d_w), 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Weights, ProductsTest, ::testing::Bool(),
                         [](const auto& packed) { return packed.param ? "Packed" : "Plain"; });

TEST(Products, UseNewWeightsOnceTheyArePackedAgain) {
  ParameterStore store;
  const Parameter weight = store.add("weight", {2, 2}, Initial::constant(1), ParameterKind::weight);
  const Parameter bias = store.add("bias", {2}, Initial::zero());
  store.initialise(1);
  PackedWeights packed(store, 32);
  EXPECT_EQ(packed.count(), 1);
  std::ranges::fill(store.values_of(weight), 3.0F);
  packed.pack(0);
  kernels::Products products;
  const std::vector<float> x = {1, 2};
  std::vector<float> y(2);
  products.forward(x.data(), 1, factor(weight, &packed), store.values_of(bias).data(), y.data());
  EXPECT_EQ(y, (std::vector<float>{9, 9}));
}

TEST(Products, KeepTheirScratchpadWhenALaterProductNeedsALargerOne) {
  ParameterStore store;
  const Parameter small = store.add("small", {3, 4}, Initial::constant(1), ParameterKind::weight);
  const Parameter large = store.add("large", {700, 900}, Initial::constant(1), ParameterKind::weight);
  const Parameter bias = store.add("bias", {700}, Initial::zero());
  store.initialise(1);
  kernels::Products products;
  const std::vector<float> x(64 * 900, 1.0F);
  std::vector<float> y(64 * 700);
  for (int again = 0; again < 2; ++again) {
    products.forward(x.data(), 64, factor(small, nullptr), store.values_of(bias).data(), y.data());
    EXPECT_EQ(y[0], 4.0F);
    products.forward(x.data(), 64, factor(large, nullptr), store.values_of(bias).data(), y.data());
    EXPECT_EQ(y.back(), 900.0F);
  }
}

TEST(Products, CountTheirOperations) {
  ParameterStore store;
  const Parameter weight = store.add("weight", {3, 4}, Initial::constant(1), ParameterKind::weight);
  const Parameter bias = store.add("bias", {3}, Initial::zero());
  store.initialise(1);
  kernels::Products products;
  const std::vector<float> x(5 * 4, 1.0F);
  std::vector<float> y(5 * 3);
  for (int again = 0; again < 2; ++again) {
    products.forward(x.data(), 5, factor(weight, nullptr), store.values_of(bias).data(), y.data());
  }
  EXPECT_EQ(products.operations(), 2 * 2 * 5 * 3 * 4);
}

std::vector<kernels::Bf16> rounded(const std::vector<double>& numbers) {
  const std::vector<float> f32 = floats(numbers);
  std::vector<kernels::Bf16> result(f32.size());
  kernels::to_bf16(f32.data(), result.data(), static_cast<std::int64_t>(f32.size()));
  return result;
}

std::vector<double> numbers_of(const std::vector<kernels::Bf16>& numbers) {
  std::vector<double> result;
  result.reserve(numbers.size());
  for (const kernels::Bf16 number : numbers) {
    result.push_back(static_cast<double>(std::bit_cast<float>(std::uint32_t{number.bits} << 16U)));
  }
  return result;
}

TEST(WeightGradient, OfBf16AgreesWithPlainLoopsOverBlocksAndChunks) {
  if (!kernels::has_bf16_products()) GTEST_SKIP() << "this processor does not multiply bf16";
  constexpr std::int64_t kOut = 300;
  constexpr std::int64_t kIn = 70;
  std::vector<std::vector<kernels::Bf16>> d_y;
  std::vector<std::vector<kernels::Bf16>> x;
  std::vector<std::vector<double>> d_y_f64;
  std::vector<std::vector<double>> x_f64;
  for (const std::int64_t rows : {40, 512, 1}) {
    d_y.push_back(rounded(random_array({rows, kOut}, static_cast<std::uint64_t>(rows)).numbers));
    x.push_back(rounded(random_array({rows, kIn}, static_cast<std::uint64_t>(rows + 1)).numbers));
    d_y_f64.push_back(numbers_of(d_y.back()));
    x_f64.push_back(numbers_of(x.back()));
  }
  std::vector<double> right = random_array({kOut, kIn}, 3).numbers;
  std::vector<float> d_weight = floats(right);
  kernels::Products products;
  add_weight_gradient<kernels::Bf16>(products, d_y, x, kOut, kIn, d_weight);
  add_weight_gradient(d_y_f64, x_f64, kOut, kIn, right);
  EXPECT_LE(relative_error(doubles(d_weight), right), 2e-6);
}

TEST(Products, InBf16RoundWhatTheyMultiplyAndNothingElse) {
  if (!kernels::has_bf16_products()) {
    ParameterStore store;
    EXPECT_THROW(PackedWeights(store, 32, kernels::ProductPrecision::bf16), ConfigError);
    GTEST_SKIP() << "this processor does not multiply bf16, and that is said";
  }
  for (const Size& size : kSizes) {
    const auto [rows, out, in] = size;
    SCOPED_TRACE(testing::Message() << rows << " x " << in << " -> " << out);
    ParameterStore store;
    const Parameter weight = store.add("weight", {out, in}, Initial::zero(), ParameterKind::weight);
    const Parameter bias = store.add("bias", {out}, Initial::zero());
    tests::randomise(store, 1);
    const PackedWeights packed(store, 32, kernels::ProductPrecision::bf16);
    kernels::Products products;
    const std::span<float> f32 = store.values_of(weight);
    const std::vector<double> w = numbers_of(rounded({f32.begin(), f32.end()}));

    const auto x = rounded(random_array({rows, in}, 1).numbers);
    std::vector<float> y(static_cast<std::size_t>(rows * out));
    std::vector<double> right(y.size());
    products.forward(x.data(), rows, factor(weight, &packed), store.values_of(bias).data(), y.data());
    kernels::forward(numbers_of(x).data(), rows, {w.data(), out, in}, store.doubles().data() + bias.offset(),
                     right.data());
    EXPECT_LE(relative_error(doubles(y), right), 1e-6);

    const auto d_y = rounded(random_array({rows, out}, 2).numbers);
    for (const bool fresh : {true, false}) {
      std::vector<double> d_x = random_array({rows, in}, 3).numbers;
      std::vector<float> d_x_f32 = floats(d_x);
      products.backward_data(d_y.data(), rows, factor(weight, &packed), {d_x_f32.data(), fresh});
      kernels::backward_data(numbers_of(d_y).data(), rows, {w.data(), out, in}, {d_x.data(), fresh});
      EXPECT_LE(relative_error(doubles(d_x_f32), d_x), 1e-6);
    }
    std::vector<double> d_w = random_array({out, in}, 4).numbers;
    std::vector<float> d_w_f32 = floats(d_w);
    add_weight_gradient<kernels::Bf16>(products, {d_y}, {x}, out, in, d_w_f32);
    add_weight_gradient({numbers_of(d_y)}, {numbers_of(x)}, out, in, d_w);
    EXPECT_LE(relative_error(doubles(d_w_f32), d_w), 1e-6);
  }
}

/// Sizes of a weight, below and above what one block takes.
const std::vector<std::pair<int, int>> kWeights = {{1, 1},     {5, 256},   {33, 43},   {128, 546},
                                                   {129, 547}, {300, 601}, {257, 2080}};

template <class T>
void expect_every_number_once() {
  for (const auto& [out, in] : kWeights) {
    SCOPED_TRACE(testing::Message() << out << " x " << in);
    std::vector<int> met(static_cast<std::size_t>(out) * static_cast<std::size_t>(in));
    const kernels::WeightBlocks blocks = kernels::Products::weight_blocks<T>({out, in});
    for (std::int64_t index = 0; index < blocks.count(); ++index) {
      const kernels::WeightBlock block = blocks[index];
      EXPECT_GT(block.outs, 0);
      EXPECT_GT(block.ins, 0);
      for (std::int64_t o = block.first_out; o < block.first_out + block.outs; ++o) {
        for (std::int64_t i = block.first_in; i < block.first_in + block.ins; ++i) {
          ++met.at(static_cast<std::size_t>(o * in + i));
        }
      }
    }
    EXPECT_TRUE(std::ranges::all_of(met, [](int times) { return times == 1; }));
  }
}

TEST(WeightBlocks, CoverEveryNumberOnce) {
  expect_every_number_once<float>();
  expect_every_number_once<kernels::Bf16>();
}

TEST(WeightBlocks, AreNeverEmptyWhateverTheyMayTakeAtMost) {
  for (std::int64_t out = 1; out < 200; out += 7) {
    for (const std::int64_t most : {1, 10, 50, 64}) {
      const kernels::WeightBlocks blocks({out, 2 * out}, most, most);
      for (std::int64_t i = 0; i < blocks.count(); ++i) {
        EXPECT_GT(blocks[i].outs, 0);
        EXPECT_GT(blocks[i].ins, 0);
      }
    }
  }
}

class WeightGradientKernel : public tests::OnEveryTarget {};

/// Tiles and panels that are not full, several blocks of outputs and of inputs, more rows than lie in a panel, and
/// chunks of different lengths.
TEST_P(WeightGradientKernel, AgreesWithPlainLoopsAtEveryEdge) {
  for (const auto& [out, in] : {std::pair{1, 1}, {31, 13}, {32, 14}, {33, 29}, {130, 41}, {5, 1100}, {200, 601}}) {
    SCOPED_TRACE(testing::Message() << out << " x " << in);
    std::vector<std::vector<double>> d_y;
    std::vector<std::vector<double>> x;
    for (const std::int64_t rows : {300, 512, 1, 256}) {
      d_y.push_back(random_array({rows, out}, static_cast<std::uint64_t>(rows)).numbers);
      x.push_back(random_array({rows, in}, static_cast<std::uint64_t>(rows + 1)).numbers);
    }
    const auto all_floats = [](const std::vector<std::vector<double>>& chunks) {
      std::vector<std::vector<float>> result;
      result.reserve(chunks.size());
      for (const std::vector<double>& chunk : chunks) result.push_back(floats(chunk));
      return result;
    };
    std::vector<double> right = random_array({out, in}, 3).numbers;
    std::vector<float> d_weight = floats(right);
    kernels::Products products;
    add_weight_gradient<float>(products, all_floats(d_y), all_floats(x), out, in, d_weight);
    add_weight_gradient(d_y, x, out, in, right);
    EXPECT_LE(relative_error(doubles(d_weight), right), 2e-6);
    EXPECT_EQ(products.operations(), 2.0 * 1069 * out * in);
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, WeightGradientKernel, tests::every_target(), tests::target_name);

}  // namespace
}  // namespace drawlab
