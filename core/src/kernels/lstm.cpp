// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "kernels/lstm.hpp"

#include <cmath>

// foreach_target.h has to come before the others.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/lstm.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/cache_control.h>
#include "kernels/loops-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab::kernels {
namespace HWY_NAMESPACE {
namespace {

/// σ(i), σ(f), tanh(g) and σ(o) in place, with one division for the four: its cost is most of a gate's. Arguments are
/// held within ±20, where both functions are flat in f32 and the four denominators' product is far from overflow.
HWY_ATTR HWY_INLINE void squash_gates(V& i, V& f, V& g, V& o) {
  const D d;
  const V one = hn::Set(d, 1.0F);
  const auto denominator = [&](V minus_x) HWY_ATTR {
    const V held = hn::Min(hn::Max(minus_x, hn::Set(d, -20.0F)), hn::Set(d, 20.0F));
    return hn::Add(one, exp_of(d, held));
  };
  const V of_i = denominator(hn::Neg(i));
  const V of_f = denominator(hn::Neg(f));
  const V of_g = denominator(hn::Add(g, g));  // tanh(g) = 1 − 2/(1 + exp(2g))
  const V of_o = denominator(hn::Neg(o));
  const V first = hn::Mul(of_i, of_f);
  const V second = hn::Mul(of_g, of_o);
  const V all = hn::Div(one, hn::Mul(first, second));
  const V one_by_first = hn::Mul(all, second);
  const V one_by_second = hn::Mul(all, first);
  i = hn::Mul(one_by_first, of_f);
  f = hn::Mul(one_by_first, of_i);
  g = hn::NegMulAdd(hn::Set(d, 2.0F), hn::Mul(one_by_second, of_o), one);
  o = hn::Mul(one_by_second, of_g);
}

/// The squashed gates of one vector of cells, whose first cell's are at k.
struct Gates {
  V i, f, g, o;

  template <class Part>
  HWY_ATTR HWY_INLINE Gates(Part part, const float* k, std::int64_t h)
      : i(part.load(k)), f(part.load(k + h)), g(part.load(k + 2 * h)), o(part.load(k + 3 * h)) {}

  template <class Part>
  HWY_ATTR HWY_INLINE void store(Part part, float* k, std::int64_t h) const {
    part.store(i, k);
    part.store(f, k + h);
    part.store(g, k + 2 * h);
    part.store(o, k + 3 * h);
  }
  HWY_ATTR HWY_INLINE V cell(V c_previous) const { return hn::MulAdd(f, c_previous, hn::Mul(i, g)); }

  /// The gradients of the gates before they were squashed, from those of c = f·c_previous + i·g and of h = o·t.
  HWY_ATTR HWY_INLINE Gates gradients(V c_previous, V t, V dc, V dh) const {
    const V one = hn::Set(D(), 1.0F);
    const auto through_sigmoid = [one](V outer, V factor, V s)
                                     HWY_ATTR { return hn::Mul(hn::Mul(outer, factor), hn::Mul(s, hn::Sub(one, s))); };
    Gates d = *this;
    d.i = through_sigmoid(dc, g, i);
    d.f = through_sigmoid(dc, c_previous, f);
    d.g = hn::Mul(hn::Mul(dc, i), hn::NegMulAdd(g, g, one));
    d.o = through_sigmoid(dh, t, o);
    return d;
  }
};

/// Calls f(part, at, gates_at) for every vector of cells: where its numbers are in [rows,h] and in [rows,4h].
template <class F>
HWY_ATTR HWY_INLINE void each_cell(const MatrixSize& size, F f) {
  const std::int64_t h = size.columns;
  for (std::int64_t row = 0; row < size.rows; ++row) {
    each_vector(h, [&](std::int64_t j, auto part) HWY_ATTR { f(part, row * h + j, row * 4 * h + j); });
  }
}

/// Prefetches the next row while this one is computed: it was written long ago, and pieces of a row are too short for
/// the processor to predict the next.
HWY_ATTR HWY_INLINE void prefetch_next_row(const LstmArrays<float>& arrays, std::int64_t at, std::int64_t gates_at,
                                           std::int64_t h) {
  for (std::int64_t gate = 0; gate < 4; ++gate) hwy::Prefetch(arrays.squashed + gates_at + (4 + gate) * h);
  hwy::Prefetch(arrays.tanh_c + at + h);
  hwy::Prefetch(arrays.c_previous + at + h);
}

HWY_ATTR void Lstm(const float* gates, const LstmArrays<float>& arrays, float* h_out, float* c_out,
                   const MatrixSize& size) {
  const std::int64_t h = size.columns;
  each_cell(size, [&](auto part, std::int64_t at, std::int64_t gates_at) HWY_ATTR {
    Gates squashed(part, gates + gates_at, h);
    squash_gates(squashed.i, squashed.f, squashed.g, squashed.o);
    const V c = squashed.cell(part.load(arrays.c_previous + at));
    const V t = tanh_of(D(), c);
    squashed.store(part, arrays.squashed + gates_at, h);
    part.store(c, c_out + at);
    part.store(t, arrays.tanh_c + at);
    part.store(hn::Mul(squashed.o, t), h_out + at);
  });
}

HWY_ATTR void LstmBackward(const LstmArrays<float>& arrays, const float* d_h, const float* d_c, Into<float> d_gates,
                           Into<float> d_c_previous, const MatrixSize& size) {
  const std::int64_t h = size.columns;
  const V one = hn::Set(D(), 1.0F);
  each_cell(size, [&](auto part, std::int64_t at, std::int64_t gates_at) HWY_ATTR {
    const Gates gates(part, arrays.squashed + gates_at, h);
    prefetch_next_row(arrays, at, gates_at, h);
    const V t = part.load(arrays.tanh_c + at);
    const V dh = part.load(d_h + at);
    // h = o·tanh(c)
    const V dc = hn::MulAdd(hn::Mul(dh, gates.o), hn::NegMulAdd(t, t, one), part.load(d_c + at));
    if (d_gates.to != nullptr) {
      const Gates d = gates.gradients(part.load(arrays.c_previous + at), t, dc, dh);
      put(part, d.i, d_gates, gates_at);
      put(part, d.f, d_gates, gates_at + h);
      put(part, d.g, d_gates, gates_at + 2 * h);
      put(part, d.o, d_gates, gates_at + 3 * h);
    }
    if (d_c_previous.to != nullptr) put(part, hn::Mul(dc, gates.f), d_c_previous, at);
  });
}

HWY_ATTR void LstmCell(const float* gates, const LstmArrays<float>& arrays, float* c_out, const MatrixSize& size) {
  const std::int64_t h = size.columns;
  each_cell(size, [&](auto part, std::int64_t at, std::int64_t gates_at) HWY_ATTR {
    Gates squashed(part, gates + gates_at, h);
    squash_gates(squashed.i, squashed.f, squashed.g, squashed.o);
    squashed.store(part, arrays.squashed + gates_at, h);
    part.store(squashed.cell(part.load(arrays.c_previous + at)), c_out + at);
  });
}

HWY_ATTR void LstmCellBackward(const LstmArrays<float>& arrays, const float* d_h, const float* d_c, float* d_gates,
                               Into<float> d_c_previous, const MatrixSize& size) {
  const std::int64_t h = size.columns;
  each_cell(size, [&](auto part, std::int64_t at, std::int64_t gates_at) HWY_ATTR {
    const Gates gates(part, arrays.squashed + gates_at, h);
    prefetch_next_row(arrays, at, gates_at, h);
    const V dc = part.load(d_c + at);
    gates.gradients(part.load(arrays.c_previous + at), part.load(arrays.tanh_c + at), dc, part.load(d_h + at))
        .store(part, d_gates + gates_at, h);
    if (d_c_previous.to != nullptr) put(part, hn::Mul(dc, gates.f), d_c_previous, at);
  });
}

HWY_ATTR void OutputGate(const float* x, const LstmArrays<float>& arrays, float* h_out, const MatrixSize& size) {
  const std::int64_t h = size.columns;
  each_cell(size, [&](auto part, std::int64_t at, std::int64_t gates_at) HWY_ATTR {
    const V t = tanh_of(D(), part.load(x + at));
    part.store(t, arrays.tanh_c + at);
    part.store(hn::Mul(part.load(arrays.squashed + gates_at + 3 * h), t), h_out + at);
  });
}

HWY_ATTR void OutputGateBackward(const LstmArrays<float>& arrays, const float* d_h, float* d_x,
                                 const MatrixSize& size) {
  const std::int64_t h = size.columns;
  each_cell(size, [&](auto part, std::int64_t at, std::int64_t gates_at) HWY_ATTR {
    const V o = part.load(arrays.squashed + gates_at + 3 * h);
    const V t = part.load(arrays.tanh_c + at);
    part.store(hn::Mul(hn::Mul(part.load(d_h + at), o), hn::NegMulAdd(t, t, hn::Set(D(), 1.0F))), d_x + at);
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab::kernels {

HWY_EXPORT(Lstm);
void lstm(const float* gates, const LstmArrays<float>& arrays, float* h, float* c, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(Lstm)(gates, arrays, h, c, size);
}

HWY_EXPORT(LstmBackward);
void lstm_backward(const LstmArrays<float>& arrays, const float* d_h, const float* d_c, Into<float> d_gates,
                   Into<float> d_c_previous, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(LstmBackward)(arrays, d_h, d_c, d_gates, d_c_previous, size);
}

HWY_EXPORT(LstmCell);
void lstm_cell(const float* gates, const LstmArrays<float>& arrays, float* c, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(LstmCell)(gates, arrays, c, size);
}

HWY_EXPORT(LstmCellBackward);
void lstm_cell_backward(const LstmArrays<float>& arrays, const float* d_h, const float* d_c, float* d_gates,
                        Into<float> d_c_previous, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(LstmCellBackward)(arrays, d_h, d_c, d_gates, d_c_previous, size);
}

HWY_EXPORT(OutputGate);
void output_gate(const float* x, const LstmArrays<float>& arrays, float* h, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(OutputGate)(x, arrays, h, size);
}

HWY_EXPORT(OutputGateBackward);
void output_gate_backward(const LstmArrays<float>& arrays, const float* d_h, float* d_x, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(OutputGateBackward)(arrays, d_h, d_x, size);
}

// ---- f64 ----

namespace {

double sigmoid_of(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

/// Calls f(at, gates_at) for every cell: where its number is in [rows,h] and in [rows,4h].
template <class F>
void each_plain_cell(const MatrixSize& size, F f) {
  const std::int64_t h = size.columns;
  for (std::int64_t at = 0; at < size.count(); ++at) f(at, at / h * 4 * h + at % h);
}

/// The gradients of the gates of one cell, from those of c and h.
void gate_gradients(const LstmArrays<double>& arrays, std::int64_t at, double dc, double dh, Into<double> d,
                    std::int64_t h) {
  const double* const k = arrays.squashed + at / h * 4 * h + at % h;
  const double i = k[0];
  const double f = k[h];
  const double g = k[2 * h];
  const double o = k[3 * h];
  d.put(0, dc * g * i * (1 - i));  // c = f·c_previous + i·g
  d.put(h, dc * arrays.c_previous[at] * f * (1 - f));
  d.put(2 * h, dc * i * (1 - g * g));
  d.put(3 * h, dh * arrays.tanh_c[at] * o * (1 - o));
}

}  // namespace

void lstm_backward(const LstmArrays<double>& arrays, const double* d_h, const double* d_c, Into<double> d_gates,
                   Into<double> d_c_previous, const MatrixSize& size) {
  const std::int64_t h = size.columns;
  each_plain_cell(size, [&](std::int64_t at, std::int64_t gates_at) {
    const double f = arrays.squashed[gates_at + h];
    const double o = arrays.squashed[gates_at + 3 * h];
    const double t = arrays.tanh_c[at];
    const double dc = d_c[at] + d_h[at] * o * (1 - t * t);  // h = o·tanh(c)
    if (d_gates) gate_gradients(arrays, at, dc, d_h[at], d_gates.from(gates_at), h);
    if (d_c_previous) d_c_previous.put(at, dc * f);
  });
}

void lstm_cell(const double* gates, const LstmArrays<double>& arrays, double* c, const MatrixSize& size) {
  const std::int64_t h = size.columns;
  each_plain_cell(size, [&](std::int64_t at, std::int64_t gates_at) {
    const double* const in = gates + gates_at;
    double* const k = arrays.squashed + gates_at;
    const double i = k[0] = sigmoid_of(in[0]);
    const double f = k[h] = sigmoid_of(in[h]);
    const double g = k[2 * h] = std::tanh(in[2 * h]);
    k[3 * h] = sigmoid_of(in[3 * h]);
    c[at] = f * arrays.c_previous[at] + i * g;
  });
}

void lstm_cell_backward(const LstmArrays<double>& arrays, const double* d_h, const double* d_c, double* d_gates,
                        Into<double> d_c_previous, const MatrixSize& size) {
  const std::int64_t h = size.columns;
  each_plain_cell(size, [&](std::int64_t at, std::int64_t gates_at) {
    const double f = arrays.squashed[gates_at + h];
    gate_gradients(arrays, at, d_c[at], d_h[at], {d_gates + gates_at, true}, h);
    if (d_c_previous) d_c_previous.put(at, d_c[at] * f);
  });
}

void output_gate(const double* x, const LstmArrays<double>& arrays, double* h, const MatrixSize& size) {
  each_plain_cell(size, [&](std::int64_t at, std::int64_t gates_at) {
    arrays.tanh_c[at] = std::tanh(x[at]);
    h[at] = arrays.squashed[gates_at + 3 * size.columns] * arrays.tanh_c[at];
  });
}

void lstm(const double* gates, const LstmArrays<double>& arrays, double* h, double* c, const MatrixSize& size) {
  lstm_cell(gates, arrays, c, size);
  output_gate(c, arrays, h, size);
}

void output_gate_backward(const LstmArrays<double>& arrays, const double* d_h, double* d_x, const MatrixSize& size) {
  each_plain_cell(size, [&](std::int64_t at, std::int64_t gates_at) {
    const double t = arrays.tanh_c[at];
    d_x[at] = d_h[at] * arrays.squashed[gates_at + 3 * size.columns] * (1 - t * t);
  });
}

}  // namespace drawlab::kernels
#endif
