#include "kernels/lstm.hpp"

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

class LstmKernel : public tests::OnEveryTarget {};

TEST_P(LstmKernel, StepsLstmCellsAsItsPlainTwin) {
  constexpr std::int64_t kRows = 2;
  for (const std::int64_t h : kLengths) {
    SCOPED_TRACE(h);
    const k::MatrixSize size{kRows, h};
    const Numbers gates(kRows * 4 * h, 1, -4, 4);
    const Numbers before(kRows * h, 2);
    Numbers kept(kRows * 4 * h, 3);
    Numbers tanh_c(kRows * h, 3);
    Numbers out(kRows * h, 4);
    Numbers cell(kRows * h, 5);
    k::lstm(gates.f32.data(), {before.f32.data(), kept.f32.data(), tanh_c.f32.data()}, out.f32.data(), cell.f32.data(),
            size);
    k::lstm(gates.f64.data(), {before.f64.data(), kept.f64.data(), tanh_c.f64.data()}, out.f64.data(), cell.f64.data(),
            size);
    expect_near(kept);
    expect_near(tanh_c);
    expect_near(out);
    expect_near(cell);
    Numbers in_place = gates;
    k::lstm(in_place.f32.data(), {before.f32.data(), in_place.f32.data(), tanh_c.f32.data()}, out.f32.data(),
            cell.f32.data(), size);
    EXPECT_EQ(in_place.f32, kept.f32);

    const Numbers d_h(kRows * h, 6);
    const Numbers d_c(kRows * h, 7);
    for (const bool fresh : {true, false}) {
      Numbers d_gates(kRows * 4 * h, 8);
      Numbers d_before(kRows * h, 9);
      k::lstm_backward({before.f32.data(), kept.f32.data(), tanh_c.f32.data()}, d_h.f32.data(), d_c.f32.data(),
                       {d_gates.f32.data(), fresh}, {d_before.f32.data(), !fresh}, size);
      k::lstm_backward({before.f64.data(), kept.f64.data(), tanh_c.f64.data()}, d_h.f64.data(), d_c.f64.data(),
                       {d_gates.f64.data(), fresh}, {d_before.f64.data(), !fresh}, size);
      expect_near(d_gates, 1e-5);
      expect_near(d_before, 1e-5);
      k::lstm_backward({before.f32.data(), kept.f32.data(), tanh_c.f32.data()}, d_h.f32.data(), d_c.f32.data(), {}, {},
                       size);
      if (!fresh) continue;
      in_place = kept;
      k::lstm_backward({before.f32.data(), in_place.f32.data(), tanh_c.f32.data()}, d_h.f32.data(), d_c.f32.data(),
                       {in_place.f32.data(), true}, {d_before.f32.data(), true}, size);
      EXPECT_EQ(in_place.f32, d_gates.f32);
    }
  }
}

TEST_P(LstmKernel, StepsCellAndOutputGateApartAsItsPlainTwin) {
  constexpr std::int64_t kRows = 2;
  for (const std::int64_t h : kLengths) {
    SCOPED_TRACE(h);
    const k::MatrixSize size{kRows, h};
    const Numbers gates(kRows * 4 * h, 1, -4, 4);
    const Numbers before(kRows * h, 2);
    const Numbers normed(kRows * h, 3, -2, 2);
    Numbers kept(kRows * 4 * h, 3);
    Numbers tanh_c(kRows * h, 3);
    Numbers out(kRows * h, 4);
    Numbers cell(kRows * h, 5);
    k::lstm_cell(gates.f32.data(), {before.f32.data(), kept.f32.data(), nullptr}, cell.f32.data(), size);
    k::lstm_cell(gates.f64.data(), {before.f64.data(), kept.f64.data(), nullptr}, cell.f64.data(), size);
    expect_near(kept);
    expect_near(cell);
    k::output_gate(normed.f32.data(), {nullptr, kept.f32.data(), tanh_c.f32.data()}, out.f32.data(), size);
    k::output_gate(normed.f64.data(), {nullptr, kept.f64.data(), tanh_c.f64.data()}, out.f64.data(), size);
    expect_near(tanh_c);
    expect_near(out);
    Numbers in_place = normed;
    k::output_gate(in_place.f32.data(), {nullptr, kept.f32.data(), in_place.f32.data()}, out.f32.data(), size);
    EXPECT_EQ(in_place.f32, tanh_c.f32);

    const Numbers d_h(kRows * h, 6);
    const Numbers d_c(kRows * h, 7);
    Numbers d_normed(kRows * h, 8);
    k::output_gate_backward({nullptr, kept.f32.data(), tanh_c.f32.data()}, d_h.f32.data(), d_normed.f32.data(), size);
    k::output_gate_backward({nullptr, kept.f64.data(), tanh_c.f64.data()}, d_h.f64.data(), d_normed.f64.data(), size);
    expect_near(d_normed, 1e-5);
    for (const bool fresh : {true, false}) {
      Numbers d_gates = kept;
      Numbers d_before(kRows * h, 9);
      k::lstm_cell_backward({before.f32.data(), d_gates.f32.data(), tanh_c.f32.data()}, d_h.f32.data(), d_c.f32.data(),
                            d_gates.f32.data(), {d_before.f32.data(), fresh}, size);
      k::lstm_cell_backward({before.f64.data(), d_gates.f64.data(), tanh_c.f64.data()}, d_h.f64.data(), d_c.f64.data(),
                            d_gates.f64.data(), {d_before.f64.data(), fresh}, size);
      expect_near(d_gates, 1e-5);
      expect_near(d_before, 1e-5);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, LstmKernel, tests::every_target(), tests::target_name);

}  // namespace
}  // namespace drawlab
