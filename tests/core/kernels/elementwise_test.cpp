#include "kernels/elementwise.hpp"

#include "kernels/targets.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <vector>

// The f32 kernels on every instruction set against their plain f64 twins.
namespace drawlab {
namespace {

namespace k = kernels;
using tests::expect_near;
using tests::kLengths;
using tests::Numbers;

class ElementwiseKernel : public tests::OnEveryTarget {};

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

TEST_P(ElementwiseKernel, MapsAsItsPlainTwin) {
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

TEST_P(ElementwiseKernel, WritesOrAddsGradientsAsItsPlainTwin) {
  for (const bool fresh : {true, false}) {
    SCOPED_TRACE(fresh ? "fresh" : "added to");
    compare_map(
        [fresh](auto& x, float* y, auto n) {
          k::pass_on(x[0].f32.data(), {y, fresh}, n);
        },
        [fresh](auto& x, double* y, auto n) {
          k::pass_on(x[0].f64.data(), {y, fresh}, n);
        },
        1);
    compare_map(
        [fresh](auto& x, float* y, auto n) {
          k::error_image_backward(x[0].f32.data(), x[1].f32.data(), x[2].f32.data(), {y, fresh}, n);
        },
        [fresh](auto& x, double* y, auto n) {
          k::error_image_backward(x[0].f64.data(), x[1].f64.data(), x[2].f64.data(), {y, fresh}, n);
        },
        3);
  }
}

TEST_P(ElementwiseKernel, IsFiniteAndRightFarOut) {
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

TEST_P(ElementwiseKernel, ScoresPixelsFarOutAsItsPlainTwin) {
  for (const float magnitude : {0.0F, 1e-3F, 30.0F, 100.0F, 1e4F}) {
    for (const float sign : {-1.0F, 1.0F}) {
      for (const float pixel : {0.0F, 0.25F, 1.0F}) {
        const Numbers x({pixel});
        const Numbers c({sign * magnitude});
        Numbers y(1, 1);
        k::bernoulli_nll(x.f32.data(), c.f32.data(), y.f32.data(), {1, 1});
        k::bernoulli_nll(x.f64.data(), c.f64.data(), y.f64.data(), {1, 1});
        expect_near(y, 1e-6);
        const Numbers d_y({2});
        Numbers d_c(1, 1);
        k::bernoulli_nll_backward(x.f32.data(), c.f32.data(), d_y.f32.data(), {d_c.f32.data(), true}, {1, 1});
        k::bernoulli_nll_backward(x.f64.data(), c.f64.data(), d_y.f64.data(), {d_c.f64.data(), true}, {1, 1});
        expect_near(d_c, 1e-6);
      }
    }
  }
}

TEST_P(ElementwiseKernel, ScoresRowsOfPixelsAsItsPlainTwin) {
  constexpr std::int64_t kRows = 3;
  for (const std::int64_t n : kLengths) {
    for (const bool fresh : {true, false}) {
      const Numbers x(kRows * n, 1, 0, 1);
      const Numbers c(kRows * n, 2, -6, 6);
      Numbers y(kRows, 3);
      k::bernoulli_nll(x.f32.data(), c.f32.data(), y.f32.data(), {kRows, n});
      k::bernoulli_nll(x.f64.data(), c.f64.data(), y.f64.data(), {kRows, n});
      expect_near(y);
      const Numbers d_y(kRows, 4);
      Numbers d_c(kRows * n, 5);
      k::bernoulli_nll_backward(x.f32.data(), c.f32.data(), d_y.f32.data(), {d_c.f32.data(), fresh}, {kRows, n});
      k::bernoulli_nll_backward(x.f64.data(), c.f64.data(), d_y.f64.data(), {d_c.f64.data(), fresh}, {kRows, n});
      expect_near(d_c);
    }
  }
}

TEST_P(ElementwiseKernel, DrawsLatentsAsItsPlainTwin) {
  constexpr std::int64_t kRows = 3;
  for (const std::int64_t latent : kLengths) {
    SCOPED_TRACE(latent);
    const Numbers in(kRows * 2 * latent, 1, -3, 1);
    const Numbers noise(kRows * latent, 2, -3, 3);
    Numbers sigma(kRows * latent, 3);
    Numbers z(kRows * latent, 4);
    Numbers kl(kRows, 5);
    k::gaussian_latent({in.f32.data(), noise.f32.data(), sigma.f32.data()}, z.f32.data(), kl.f32.data(),
                       {kRows, latent});
    k::gaussian_latent({in.f64.data(), noise.f64.data(), sigma.f64.data()}, z.f64.data(), kl.f64.data(),
                       {kRows, latent});
    expect_near(sigma);
    expect_near(z);
    expect_near(kl);
    const Numbers d_z(kRows * latent, 6);
    const Numbers d_kl(kRows, 7);
    for (const bool fresh : {true, false}) {
      Numbers d(kRows * 2 * latent, 8);
      k::gaussian_latent_backward({in.f32.data(), noise.f32.data(), sigma.f32.data()}, d_z.f32.data(), d_kl.f32.data(),
                                  {d.f32.data(), fresh}, {kRows, latent});
      k::gaussian_latent_backward({in.f64.data(), noise.f64.data(), sigma.f64.data()}, d_z.f64.data(), d_kl.f64.data(),
                                  {d.f64.data(), fresh}, {kRows, latent});
      expect_near(d, 1e-5);
    }
  }
}

TEST_P(ElementwiseKernel, TakesSoftmaxAndColumnSumsAsItsPlainTwin) {
  constexpr std::int64_t kRows = 3;
  for (const std::int64_t n : kLengths) {
    SCOPED_TRACE(n);
    const Numbers x(kRows * n, 1, -20, 20);
    Numbers y(kRows * n, 2);
    k::softmax(x.f32.data(), y.f32.data(), {kRows, n});
    k::softmax(x.f64.data(), y.f64.data(), {kRows, n});
    expect_near(y);
    Numbers sums(n, 3);
    k::add_column_sums(x.f32.data(), sums.f32.data(), {kRows, n});
    k::add_column_sums(x.f64.data(), sums.f64.data(), {kRows, n});
    expect_near(sums);
  }
}

TEST_P(ElementwiseKernel, GivesANumberTheSameBitsWhereverItStands) {
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

INSTANTIATE_TEST_SUITE_P(Targets, ElementwiseKernel, tests::every_target(), tests::target_name);

}  // namespace
}  // namespace drawlab
