#include "gradient_check.hpp"
#include "kernels/bf16.hpp"
#include "kernels/elementwise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>

// Every vectorised kernel in f32 against its plain f64 twin.
namespace drawlab {
namespace {

namespace k = kernels;

const std::vector<std::int64_t> kLengths = {1, 7, 16, 17, 100};

/// The same numbers in both precisions.
struct Numbers {
  std::vector<float> f32;
  std::vector<double> f64;

  Numbers(std::int64_t n, std::uint64_t stream, double low = -2, double high = 2) {
    f64 = tests::random_array({n}, stream, low, high).numbers;
    f32.assign(f64.begin(), f64.end());
  }
  explicit Numbers(std::vector<float> numbers) : f32(std::move(numbers)), f64(f32.begin(), f32.end()) {}
};

/// Each number within `tolerance`, relative above 1 and absolute below.
void expect_near(const Numbers& numbers, double tolerance = 3e-6) {
  for (std::size_t i = 0; i < numbers.f64.size(); ++i) {
    const double scale = std::max(1.0, std::abs(numbers.f64[i]));
    ASSERT_NEAR(static_cast<double>(numbers.f32[i]), numbers.f64[i], tolerance * scale) << "number " << i;
  }
}

/// Runs a kernel y = f(x…, n) in both precisions on every length.
template <class F32, class F64>
void compare_map(F32 in_f32, F64 in_f64, std::size_t inputs, double low = -3, double high = 3) {
  for (const std::int64_t n : kLengths) {
    SCOPED_TRACE(n);
    std::vector<Numbers> x;
    for (std::size_t i = 0; i < inputs; ++i) x.emplace_back(n, i + 1, low, high);
    Numbers y(n, 99);
    in_f32(x, y.f32.data(), n);
    in_f64(x, y.f64.data(), n);
    expect_near(y);
  }
}

TEST(Kernel, MapsAsItsPlainTwin) {
  compare_map([](auto& x, float* y, auto n) { k::sigmoid(x[0].f32.data(), y, n); },
              [](auto& x, double* y, auto n) { k::sigmoid(x[0].f64.data(), y, n); }, 1);
  compare_map([](auto& x, float* y, auto n) { k::exp(x[0].f32.data(), y, n); },
              [](auto& x, double* y, auto n) { k::exp(x[0].f64.data(), y, n); }, 1);
  compare_map([](auto& x, float* y, auto n) { k::tanh(x[0].f32.data(), y, n); },
              [](auto& x, double* y, auto n) { k::tanh(x[0].f64.data(), y, n); }, 1);
  compare_map([](auto& x, float* y, auto n) { k::add(x[0].f32.data(), x[1].f32.data(), y, n); },
              [](auto& x, double* y, auto n) { k::add(x[0].f64.data(), x[1].f64.data(), y, n); }, 2);
  compare_map([](auto& x, float* y, auto n) { k::error_image(x[0].f32.data(), x[1].f32.data(), y, n); },
              [](auto& x, double* y, auto n) { k::error_image(x[0].f64.data(), x[1].f64.data(), y, n); }, 2);
}

TEST(Kernel, WritesOrAddsGradientsAsItsPlainTwin) {
  for (const bool fresh : {true, false}) {
    SCOPED_TRACE(fresh ? "fresh" : "added to");
    compare_map([fresh](auto& x, float* y, auto n) { k::pass_on(x[0].f32.data(), y, n, fresh); },
                [fresh](auto& x, double* y, auto n) { k::pass_on(x[0].f64.data(), y, n, fresh); }, 1);
    compare_map(
        [fresh](auto& x, float* y, auto n) {
          k::error_image_backward(x[0].f32.data(), x[1].f32.data(), x[2].f32.data(), y, n, fresh);
        },
        [fresh](auto& x, double* y, auto n) {
          k::error_image_backward(x[0].f64.data(), x[1].f64.data(), x[2].f64.data(), y, n, fresh);
        },
        3);
  }
}

TEST(Kernel, IsFiniteAndRightFarOut) {
  const Numbers x({-1e4F, -100, -88.5F, -87, -30, 0, 30, 87, 88.5F, 100, 1e4F});
  const auto n = static_cast<std::int64_t>(x.f32.size());
  Numbers y(n, 1);
  k::sigmoid(x.f32.data(), y.f32.data(), n);
  k::sigmoid(x.f64.data(), y.f64.data(), n);
  expect_near(y, 1e-6);
  for (const float number : y.f32) EXPECT_TRUE(number >= 0 && number <= 1) << number;
  k::tanh(x.f32.data(), y.f32.data(), n);
  k::tanh(x.f64.data(), y.f64.data(), n);
  expect_near(y, 1e-6);
  const Numbers target(std::vector<float>(x.f32.size(), 0.25F));
  k::error_image(target.f32.data(), x.f32.data(), y.f32.data(), n);
  k::error_image(target.f64.data(), x.f64.data(), y.f64.data(), n);
  expect_near(y, 1e-6);
}

TEST(Kernel, ScoresPixelsFarOutAsItsPlainTwin) {
  for (const float magnitude : {0.0F, 1e-3F, 30.0F, 100.0F, 1e4F}) {
    for (const float sign : {-1.0F, 1.0F}) {
      for (const float pixel : {0.0F, 0.25F, 1.0F}) {
        const Numbers x({pixel});
        const Numbers c({sign * magnitude});
        Numbers y(1, 1);
        k::bernoulli_nll(x.f32.data(), c.f32.data(), y.f32.data(), 1, 1);
        k::bernoulli_nll(x.f64.data(), c.f64.data(), y.f64.data(), 1, 1);
        expect_near(y, 1e-6);
        const Numbers d_y({2});
        Numbers d_c(1, 1);
        k::bernoulli_nll_backward(x.f32.data(), c.f32.data(), d_y.f32.data(), d_c.f32.data(), true, 1, 1);
        k::bernoulli_nll_backward(x.f64.data(), c.f64.data(), d_y.f64.data(), d_c.f64.data(), true, 1, 1);
        expect_near(d_c, 1e-6);
      }
    }
  }
}

TEST(Kernel, ScoresRowsOfPixelsAsItsPlainTwin) {
  constexpr std::int64_t kRows = 3;
  for (const std::int64_t n : kLengths) {
    for (const bool fresh : {true, false}) {
      const Numbers x(kRows * n, 1, 0, 1);
      const Numbers c(kRows * n, 2, -6, 6);
      Numbers y(kRows, 3);
      k::bernoulli_nll(x.f32.data(), c.f32.data(), y.f32.data(), kRows, n);
      k::bernoulli_nll(x.f64.data(), c.f64.data(), y.f64.data(), kRows, n);
      expect_near(y);
      const Numbers d_y(kRows, 4);
      Numbers d_c(kRows * n, 5);
      k::bernoulli_nll_backward(x.f32.data(), c.f32.data(), d_y.f32.data(), d_c.f32.data(), fresh, kRows, n);
      k::bernoulli_nll_backward(x.f64.data(), c.f64.data(), d_y.f64.data(), d_c.f64.data(), fresh, kRows, n);
      expect_near(d_c);
    }
  }
}

TEST(Kernel, StepsLstmCellsAsItsPlainTwin) {
  constexpr std::int64_t kRows = 2;
  for (const std::int64_t h : kLengths) {
    SCOPED_TRACE(h);
    const Numbers gates(kRows * 4 * h, 1, -4, 4);
    const Numbers before(kRows * h, 2);
    Numbers kept(kRows * 4 * h, 3);
    Numbers tanh_c(kRows * h, 3);
    Numbers out(kRows * h, 4);
    Numbers cell(kRows * h, 5);
    k::lstm(gates.f32.data(), before.f32.data(), kept.f32.data(), tanh_c.f32.data(), out.f32.data(), cell.f32.data(),
            kRows, h);
    k::lstm(gates.f64.data(), before.f64.data(), kept.f64.data(), tanh_c.f64.data(), out.f64.data(), cell.f64.data(),
            kRows, h);
    expect_near(kept);
    expect_near(tanh_c);
    expect_near(out);
    expect_near(cell);
    Numbers in_place = gates;
    k::lstm(in_place.f32.data(), before.f32.data(), in_place.f32.data(), tanh_c.f32.data(), out.f32.data(),
            cell.f32.data(), kRows, h);
    EXPECT_EQ(in_place.f32, kept.f32);

    const Numbers d_h(kRows * h, 6);
    const Numbers d_c(kRows * h, 7);
    for (const bool fresh : {true, false}) {
      Numbers d_gates(kRows * 4 * h, 8);
      Numbers d_before(kRows * h, 9);
      k::lstm_backward(kept.f32.data(), before.f32.data(), tanh_c.f32.data(), d_h.f32.data(), d_c.f32.data(),
                       d_gates.f32.data(), fresh, d_before.f32.data(), !fresh, kRows, h);
      k::lstm_backward(kept.f64.data(), before.f64.data(), tanh_c.f64.data(), d_h.f64.data(), d_c.f64.data(),
                       d_gates.f64.data(), fresh, d_before.f64.data(), !fresh, kRows, h);
      expect_near(d_gates, 1e-5);
      expect_near(d_before, 1e-5);
      k::lstm_backward(kept.f32.data(), before.f32.data(), tanh_c.f32.data(), d_h.f32.data(), d_c.f32.data(), nullptr,
                       fresh, nullptr, fresh, kRows, h);
      if (!fresh) continue;
      in_place = kept;
      k::lstm_backward(in_place.f32.data(), before.f32.data(), tanh_c.f32.data(), d_h.f32.data(), d_c.f32.data(),
                       in_place.f32.data(), true, d_before.f32.data(), true, kRows, h);
      EXPECT_EQ(in_place.f32, d_gates.f32);
    }
  }
}

TEST(Kernel, StepsCellAndOutputGateApartAsItsPlainTwin) {
  constexpr std::int64_t kRows = 2;
  for (const std::int64_t h : kLengths) {
    SCOPED_TRACE(h);
    const Numbers gates(kRows * 4 * h, 1, -4, 4);
    const Numbers before(kRows * h, 2);
    const Numbers normed(kRows * h, 3, -2, 2);
    Numbers kept(kRows * 4 * h, 3);
    Numbers tanh_c(kRows * h, 3);
    Numbers out(kRows * h, 4);
    Numbers cell(kRows * h, 5);
    k::lstm_cell(gates.f32.data(), before.f32.data(), kept.f32.data(), cell.f32.data(), kRows, h);
    k::lstm_cell(gates.f64.data(), before.f64.data(), kept.f64.data(), cell.f64.data(), kRows, h);
    expect_near(kept);
    expect_near(cell);
    k::output_gate(kept.f32.data(), normed.f32.data(), tanh_c.f32.data(), out.f32.data(), kRows, h);
    k::output_gate(kept.f64.data(), normed.f64.data(), tanh_c.f64.data(), out.f64.data(), kRows, h);
    expect_near(tanh_c);
    expect_near(out);
    Numbers in_place = normed;
    k::output_gate(kept.f32.data(), in_place.f32.data(), in_place.f32.data(), out.f32.data(), kRows, h);
    EXPECT_EQ(in_place.f32, tanh_c.f32);

    const Numbers d_h(kRows * h, 6);
    const Numbers d_c(kRows * h, 7);
    Numbers d_normed(kRows * h, 8);
    k::output_gate_backward(kept.f32.data(), tanh_c.f32.data(), d_h.f32.data(), d_normed.f32.data(), kRows, h);
    k::output_gate_backward(kept.f64.data(), tanh_c.f64.data(), d_h.f64.data(), d_normed.f64.data(), kRows, h);
    expect_near(d_normed, 1e-5);
    for (const bool fresh : {true, false}) {
      Numbers d_gates = kept;
      Numbers d_before(kRows * h, 9);
      k::lstm_cell_backward(d_gates.f32.data(), before.f32.data(), tanh_c.f32.data(), d_h.f32.data(), d_c.f32.data(),
                            d_gates.f32.data(), d_before.f32.data(), fresh, kRows, h);
      k::lstm_cell_backward(d_gates.f64.data(), before.f64.data(), tanh_c.f64.data(), d_h.f64.data(), d_c.f64.data(),
                            d_gates.f64.data(), d_before.f64.data(), fresh, kRows, h);
      expect_near(d_gates, 1e-5);
      expect_near(d_before, 1e-5);
    }
  }
}

TEST(Kernel, RoundsToBf16) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  // 1 + 2⁻⁸ lies in the middle of two: the even one is 1, of 1 + 3·2⁻⁸ it is 1 + 2⁻⁶.
  const std::vector<float> numbers = {0.0F,
                                      -0.0F,
                                      1.0F,
                                      1.00390625F,
                                      1.01171875F,
                                      1.00390637F,
                                      -3.0F,
                                      inf,
                                      -inf,
                                      nan,
                                      std::bit_cast<float>(0x7fffffffU),
                                      3.4e38F,
                                      1e-3F};
  const std::vector<std::uint16_t> right = {0x0000, 0x8000, 0x3f80, 0x3f80, 0x3f82, 0x3f81, 0xc040,
                                            0x7f80, 0xff80, 0x7fc0, 0x7fc0, 0x7f80, 0x3a83};
  // At every place of a vector, and in the last, partial one.
  for (std::size_t before = 0; before < 20; ++before) {
    std::vector<float> x(before, 1.0F);
    x.insert(x.end(), numbers.begin(), numbers.end());
    std::vector<k::Bf16> y(x.size());
    k::to_bf16(x.data(), y.data(), static_cast<std::int64_t>(x.size()));
    for (std::size_t i = 0; i < right.size(); ++i) {
      EXPECT_EQ(y[before + i].bits, right[i]) << numbers[i] << " after " << before;
    }
  }
}

TEST(Kernel, DrawsLatentsAsItsPlainTwin) {
  constexpr std::int64_t kRows = 3;
  for (const std::int64_t latent : kLengths) {
    SCOPED_TRACE(latent);
    const Numbers in(kRows * 2 * latent, 1, -3, 1);
    const Numbers noise(kRows * latent, 2, -3, 3);
    Numbers sigma(kRows * latent, 3);
    Numbers z(kRows * latent, 4);
    Numbers kl(kRows, 5);
    k::gaussian_latent(in.f32.data(), noise.f32.data(), sigma.f32.data(), z.f32.data(), kl.f32.data(), kRows, latent);
    k::gaussian_latent(in.f64.data(), noise.f64.data(), sigma.f64.data(), z.f64.data(), kl.f64.data(), kRows, latent);
    expect_near(sigma);
    expect_near(z);
    expect_near(kl);
    const Numbers d_z(kRows * latent, 6);
    const Numbers d_kl(kRows, 7);
    for (const bool fresh : {true, false}) {
      Numbers d(kRows * 2 * latent, 8);
      k::gaussian_latent_backward(in.f32.data(), noise.f32.data(), sigma.f32.data(), d_z.f32.data(), d_kl.f32.data(),
                                  d.f32.data(), fresh, kRows, latent);
      k::gaussian_latent_backward(in.f64.data(), noise.f64.data(), sigma.f64.data(), d_z.f64.data(), d_kl.f64.data(),
                                  d.f64.data(), fresh, kRows, latent);
      expect_near(d, 1e-5);
    }
  }
}

TEST(Kernel, TakesSoftmaxAndColumnSumsAsItsPlainTwin) {
  constexpr std::int64_t kRows = 3;
  for (const std::int64_t n : kLengths) {
    SCOPED_TRACE(n);
    const Numbers x(kRows * n, 1, -20, 20);
    Numbers y(kRows * n, 2);
    k::softmax(x.f32.data(), y.f32.data(), kRows, n);
    k::softmax(x.f64.data(), y.f64.data(), kRows, n);
    expect_near(y);
    Numbers sums(n, 3);
    k::add_column_sums(x.f32.data(), sums.f32.data(), kRows, n);
    k::add_column_sums(x.f64.data(), sums.f64.data(), kRows, n);
    expect_near(sums);
  }
}

TEST(Kernel, GivesANumberTheSameBitsWhereverItStands) {
  const Numbers x(100, 1, -5, 5);
  std::vector<float> whole(100);
  std::vector<float> part(100);
  const std::vector<std::function<void(const float*, float*, std::int64_t)>> maps = {
      [](const float* in, float* out, std::int64_t n) { k::sigmoid(in, out, n); },
      [](const float* in, float* out, std::int64_t n) { k::tanh(in, out, n); },
      [](const float* in, float* out, std::int64_t n) { k::exp(in, out, n); }};
  for (const auto& map : maps) {
    map(x.f32.data(), whole.data(), 100);
    for (const std::int64_t cut : {1, 13, 33}) {
      map(x.f32.data(), part.data(), cut);
      map(x.f32.data() + cut, part.data() + cut, 100 - cut);
      EXPECT_EQ(part, whole) << cut;
    }
  }
}

TEST(Kernel, SumsSquaresOfManyBlocks) {
  const Numbers x(10'001, 1);
  const double right = std::inner_product(x.f64.begin(), x.f64.end(), x.f64.begin(), 0.0);
  EXPECT_NEAR(k::sum_of_squares(x.f32.data(), 10'001), right, 1e-5 * right);
  EXPECT_EQ(k::sum_of_squares(x.f32.data(), 0), 0);
}

class AdamTest : public testing::TestWithParam<double> {};

TEST_P(AdamTest, IsAStepAsComputedByHand) {
  // Kingma & Ba's algorithm 1, first two steps, in f64.
  const double rate = 0.01;
  const double beta1 = 0.9;
  const double beta2 = GetParam();
  const double epsilon = 1e-8;
  constexpr std::size_t kCount = 17;
  std::vector<float> first(kCount);
  std::vector<float> second(kCount);
  std::vector<float> values(kCount, 1.0F);
  std::vector<double> m(kCount);
  std::vector<double> v(kCount);
  std::vector<double> w(kCount, 1.0);
  for (int t = 1; t <= 2; ++t) {
    const Numbers gradient(kCount, static_cast<std::uint64_t>(t));
    const double scale = 0.5;
    const double correction = std::sqrt(1 - std::pow(beta2, t));
    k::adam({static_cast<float>(rate * correction / (1 - std::pow(beta1, t))), static_cast<float>(beta1),
             static_cast<float>(beta2), static_cast<float>(1 - beta1), static_cast<float>(1 - beta2),
             static_cast<float>(epsilon * correction), static_cast<float>(scale)},
            gradient.f32.data(), first.data(), second.data(), values.data(), kCount);
    for (std::size_t i = 0; i < kCount; ++i) {
      const double g = scale * gradient.f64[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      const double mean = m[i] / (1 - std::pow(beta1, t));
      const double square = v[i] / (1 - std::pow(beta2, t));
      w[i] -= rate * mean / (std::sqrt(square) + epsilon);
      EXPECT_NEAR(static_cast<double>(values[i]), w[i], 1e-6);
      EXPECT_NEAR(static_cast<double>(first[i]), m[i], 1e-6);
      EXPECT_NEAR(static_cast<double>(second[i]), v[i], 1e-6 * v[i]);
    }
  }
  EXPECT_NE(k::instruction_set(), std::string());
}

// The last one is 1 in f32.
INSTANTIATE_TEST_SUITE_P(Decays, AdamTest, testing::Values(0.9, 0.999, 0.9999999, 0.999999999));

}  // namespace
}  // namespace drawlab
