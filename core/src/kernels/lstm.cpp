// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "kernels/elementwise.hpp"

#include <algorithm>
#include <cstring>

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

/// The numbers of one vector's worth of cells, or of the last, partial one.
class Lanes {
 public:
  HWY_ATTR HWY_INLINE explicit Lanes(std::size_t count) : count_(count), whole_(count >= hn::Lanes(D())) {}
  HWY_ATTR HWY_INLINE V load(const float* from) const {
    const D d;
    if (HWY_LIKELY(whole_)) return hn::LoadU(d, from);
    HWY_ALIGN float buffer[kMaxLanes] = {};
    std::memcpy(buffer, from, count_ * sizeof(float));
    return hn::Load(d, buffer);
  }
  HWY_ATTR HWY_INLINE void store(V v, float* to) const {
    const D d;
    if (HWY_LIKELY(whole_)) {
      hn::StoreU(v, d, to);
    } else {
      HWY_ALIGN float buffer[kMaxLanes];
      hn::Store(v, d, buffer);
      std::memcpy(to, buffer, count_ * sizeof(float));
    }
  }
  HWY_ATTR HWY_INLINE void put(V v, float* to, bool fresh) const { store(fresh ? v : hn::Add(load(to), v), to); }

 private:
  std::size_t count_;
  bool whole_;
};

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

/// The gates of one vector's worth of cells; k is where the first cell's are.
struct Gates {
  V i, f, g, o;

  HWY_ATTR HWY_INLINE Gates(const Lanes& lanes, const float* k, std::int64_t h)
      : i(lanes.load(k)), f(lanes.load(k + h)), g(lanes.load(k + 2 * h)), o(lanes.load(k + 3 * h)) {}

  HWY_ATTR HWY_INLINE void store(const Lanes& lanes, float* k, std::int64_t h) const {
    lanes.store(i, k);
    lanes.store(f, k + h);
    lanes.store(g, k + 2 * h);
    lanes.store(o, k + 3 * h);
  }
  HWY_ATTR HWY_INLINE V cell(V c_previous) const { return hn::MulAdd(f, c_previous, hn::Mul(i, g)); }

  /// Given the gradients of c = f·c_previous + i·g and of h = o·t, those of the gates before they were squashed.
  HWY_ATTR HWY_INLINE void backward(const Lanes& lanes, V c_previous, V t, V dc, V dh, float* to, std::int64_t h,
                                    bool fresh) const {
    const V one = hn::Set(D(), 1.0F);
    const auto through_sigmoid = [one](V outer, V factor, V s)
                                     HWY_ATTR { return hn::Mul(hn::Mul(outer, factor), hn::Mul(s, hn::Sub(one, s))); };
    lanes.put(through_sigmoid(dc, g, i), to, fresh);
    lanes.put(through_sigmoid(dc, c_previous, f), to + h, fresh);
    lanes.put(hn::Mul(hn::Mul(dc, i), hn::NegMulAdd(g, g, one)), to + 2 * h, fresh);
    lanes.put(through_sigmoid(dh, t, o), to + 3 * h, fresh);
  }
};

/// Asks for what the row below needs while this one is at work: it was written long ago, and pieces of a row are too
/// short for the processor to foresee the next.
HWY_ATTR HWY_INLINE void fetch_row_below(const float* kept, const float* tanh_c, const float* c_previous,
                                         std::int64_t h) {
  for (std::int64_t gate = 0; gate < 4; ++gate) hwy::Prefetch(kept + (4 + gate) * h);
  hwy::Prefetch(tanh_c + h);
  hwy::Prefetch(c_previous + h);
}

HWY_ATTR void Lstm(const float* gates, const float* c_previous, float* kept, float* tanh_c, float* h_out, float* c_out,
                   std::int64_t rows, std::int64_t h) {
  const D d;
  const auto step = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t j = 0; j < h; j += step) {
      const Lanes lanes(static_cast<std::size_t>(h - j));
      const std::int64_t at = row * h + j;
      const std::int64_t gates_at = row * 4 * h + j;
      Gates squashed(lanes, gates + gates_at, h);
      squash_gates(squashed.i, squashed.f, squashed.g, squashed.o);
      const V c = squashed.cell(lanes.load(c_previous + at));
      const V t = tanh_of(d, c);
      squashed.store(lanes, kept + gates_at, h);
      lanes.store(c, c_out + at);
      lanes.store(t, tanh_c + at);
      lanes.store(hn::Mul(squashed.o, t), h_out + at);
    }
  }
}

HWY_ATTR void LstmBackward(const float* kept, const float* c_previous, const float* tanh_c, const float* d_h,
                           const float* d_c, float* d_gates, bool gates_fresh, float* d_c_previous, bool c_fresh,
                           std::int64_t rows, std::int64_t h) {
  const V one = hn::Set(D(), 1.0F);
  const auto step = static_cast<std::int64_t>(hn::Lanes(D()));
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t j = 0; j < h; j += step) {
      const Lanes lanes(static_cast<std::size_t>(h - j));
      const std::int64_t at = row * h + j;
      const std::int64_t gates_at = row * 4 * h + j;
      const Gates gates(lanes, kept + gates_at, h);
      fetch_row_below(kept + gates_at, tanh_c + at, c_previous + at, h);
      const V t = lanes.load(tanh_c + at);
      const V dh = lanes.load(d_h + at);
      // h = o·tanh(c)
      const V dc = hn::MulAdd(hn::Mul(dh, gates.o), hn::NegMulAdd(t, t, one), lanes.load(d_c + at));
      if (d_gates != nullptr) {
        gates.backward(lanes, lanes.load(c_previous + at), t, dc, dh, d_gates + gates_at, h, gates_fresh);
      }
      if (d_c_previous != nullptr) lanes.put(hn::Mul(dc, gates.f), d_c_previous + at, c_fresh);
    }
  }
}

HWY_ATTR void LstmCell(const float* gates, const float* c_previous, float* kept, float* c_out, std::int64_t rows,
                       std::int64_t h) {
  const auto step = static_cast<std::int64_t>(hn::Lanes(D()));
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t j = 0; j < h; j += step) {
      const Lanes lanes(static_cast<std::size_t>(h - j));
      const std::int64_t gates_at = row * 4 * h + j;
      Gates squashed(lanes, gates + gates_at, h);
      squash_gates(squashed.i, squashed.f, squashed.g, squashed.o);
      squashed.store(lanes, kept + gates_at, h);
      lanes.store(squashed.cell(lanes.load(c_previous + row * h + j)), c_out + row * h + j);
    }
  }
}

HWY_ATTR void LstmCellBackward(const float* kept, const float* c_previous, const float* tanh_c, const float* d_h,
                               const float* d_c, float* d_gates, float* d_c_previous, bool c_fresh, std::int64_t rows,
                               std::int64_t h) {
  const auto step = static_cast<std::int64_t>(hn::Lanes(D()));
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t j = 0; j < h; j += step) {
      const Lanes lanes(static_cast<std::size_t>(h - j));
      const std::int64_t at = row * h + j;
      const std::int64_t gates_at = row * 4 * h + j;
      const Gates gates(lanes, kept + gates_at, h);
      fetch_row_below(kept + gates_at, tanh_c + at, c_previous + at, h);
      const V dc = lanes.load(d_c + at);
      gates.backward(lanes, lanes.load(c_previous + at), lanes.load(tanh_c + at), dc, lanes.load(d_h + at),
                     d_gates + gates_at, h, true);
      if (d_c_previous != nullptr) lanes.put(hn::Mul(dc, gates.f), d_c_previous + at, c_fresh);
    }
  }
}

HWY_ATTR void OutputGate(const float* kept, const float* x, float* tanh_c, float* h_out, std::int64_t rows,
                         std::int64_t h) {
  for (std::int64_t row = 0; row < rows; ++row) {
    float* const t = tanh_c + row * h;
    map(
        h, t, [](D d, V v) HWY_ATTR { return tanh_of(d, v); }, x + row * h);
    map(
        h, h_out + row * h, [](D, V o, V v) HWY_ATTR { return hn::Mul(o, v); }, kept + (row * 4 + 3) * h, t);
  }
}

HWY_ATTR void OutputGateBackward(const float* kept, const float* tanh_c, const float* d_h, float* d_x,
                                 std::int64_t rows, std::int64_t h) {
  for (std::int64_t row = 0; row < rows; ++row) {
    map(
        h, d_x + row * h,
        [](D d, V o, V t, V dh) HWY_ATTR { return hn::Mul(hn::Mul(dh, o), hn::NegMulAdd(t, t, hn::Set(d, 1.0F))); },
        kept + (row * 4 + 3) * h, tanh_c + row * h, d_h + row * h);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab::kernels {

HWY_EXPORT(Lstm);
void lstm(const float* gates, const float* c_previous, float* kept, float* tanh_c, float* h_out, float* c_out,
          std::int64_t rows, std::int64_t h) {
  HWY_DYNAMIC_DISPATCH(Lstm)(gates, c_previous, kept, tanh_c, h_out, c_out, rows, h);
}

HWY_EXPORT(LstmBackward);
void lstm_backward(const float* kept, const float* c_previous, const float* tanh_c, const float* d_h, const float* d_c,
                   float* d_gates, bool gates_fresh, float* d_c_previous, bool c_fresh, std::int64_t rows,
                   std::int64_t h) {
  HWY_DYNAMIC_DISPATCH(LstmBackward)
  (kept, c_previous, tanh_c, d_h, d_c, d_gates, gates_fresh, d_c_previous, c_fresh, rows, h);
}

HWY_EXPORT(LstmCell);
void lstm_cell(const float* gates, const float* c_previous, float* kept, float* c_out, std::int64_t rows,
               std::int64_t h) {
  HWY_DYNAMIC_DISPATCH(LstmCell)(gates, c_previous, kept, c_out, rows, h);
}

HWY_EXPORT(LstmCellBackward);
void lstm_cell_backward(const float* kept, const float* c_previous, const float* tanh_c, const float* d_h,
                        const float* d_c, float* d_gates, float* d_c_previous, bool c_fresh, std::int64_t rows,
                        std::int64_t h) {
  HWY_DYNAMIC_DISPATCH(LstmCellBackward)
  (kept, c_previous, tanh_c, d_h, d_c, d_gates, d_c_previous, c_fresh, rows, h);
}

HWY_EXPORT(OutputGate);
void output_gate(const float* kept, const float* x, float* tanh_c, float* h_out, std::int64_t rows, std::int64_t h) {
  HWY_DYNAMIC_DISPATCH(OutputGate)(kept, x, tanh_c, h_out, rows, h);
}

HWY_EXPORT(OutputGateBackward);
void output_gate_backward(const float* kept, const float* tanh_c, const float* d_h, float* d_x, std::int64_t rows,
                          std::int64_t h) {
  HWY_DYNAMIC_DISPATCH(OutputGateBackward)(kept, tanh_c, d_h, d_x, rows, h);
}

}  // namespace drawlab::kernels
#endif
