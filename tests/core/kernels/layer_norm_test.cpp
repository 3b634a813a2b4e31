#include "kernels/layer_norm.hpp"

#include "kernels/targets.hpp"

#include <gtest/gtest.h>

#include <cstdint>

// The f32 kernels on every instruction set against their plain f64 twins.
namespace drawlab {
namespace {

namespace k = kernels;
using tests::expect_near;
using tests::kLengths;
using tests::Numbers;

class LayerNormKernel : public tests::OnEveryTarget {};

TEST_P(LayerNormKernel, NormalisesAsItsPlainTwin) {
  constexpr std::int64_t kRows = 3;
  for (const std::int64_t n : kLengths) {
    for (const bool fresh : {true, false}) {
      SCOPED_TRACE(testing::Message() << n << (fresh ? " fresh" : " added to"));
      const k::MatrixSize size{kRows, n};
      const Numbers x(kRows * n, 1);
      const Numbers gain(n, 2, 0.5, 2);
      const Numbers shift(n, 3);
      Numbers y(kRows * n, 4);
      Numbers x_hat(kRows * n, 5);
      Numbers inverse(kRows, 6);
      k::layer_norm(x.f32.data(), gain.f32.data(), shift.f32.data(), {y.f32.data(), fresh},
                    {x_hat.f32.data(), inverse.f32.data()}, size);
      k::layer_norm(x.f64.data(), gain.f64.data(), shift.f64.data(), {y.f64.data(), fresh},
                    {x_hat.f64.data(), inverse.f64.data()}, size);
      expect_near(x_hat, 1e-5);
      expect_near(inverse, 1e-5);
      expect_near(y, 1e-5);

      const Numbers d_y(kRows * n, 7);
      Numbers d_x(kRows * n, 8);
      Numbers d_gain(n, 9);
      Numbers d_shift(n, 10);
      k::layer_norm_backward({x_hat.f32.data(), inverse.f32.data()}, gain.f32.data(), d_y.f32.data(),
                             {{d_x.f32.data(), fresh}, d_gain.f32.data(), d_shift.f32.data()}, size);
      k::layer_norm_backward({x_hat.f64.data(), inverse.f64.data()}, gain.f64.data(), d_y.f64.data(),
                             {{d_x.f64.data(), fresh}, d_gain.f64.data(), d_shift.f64.data()}, size);
      expect_near(d_x, n == 1 ? 1e-3 : 2e-5);  // 1/√1e-5 times the rounding errors of a row of one
      expect_near(d_gain, 1e-5);
      expect_near(d_shift, 1e-5);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, LayerNormKernel, tests::every_target(), tests::target_name);

}  // namespace
}  // namespace drawlab
