// Included once for each instruction set, after Highway's own headers (as its -inl headers are).
#if defined(DRAWLAB_KERNEL_LOOPS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef DRAWLAB_KERNEL_LOOPS_INL
#undef DRAWLAB_KERNEL_LOOPS_INL
#else
#define DRAWLAB_KERNEL_LOOPS_INL
#endif

#include "drawlab/into.hpp"

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace drawlab::kernels {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr std::size_t kMaxLanes = HWY_MAX_BYTES / sizeof(float);

/// A whole vector of a row.
struct Whole {
  HWY_ATTR HWY_INLINE static V load(const float* from) { return hn::LoadU(D(), from); }
  HWY_ATTR HWY_INLINE static void store(V v, float* to) { hn::StoreU(v, D(), to); }
  HWY_ATTR HWY_INLINE static V within(V v) { return v; }
};

/// The last, partial vector of a row: the lanes beyond the row load 0 and are not stored. Every number meets the same
/// instructions wherever it stands. (Masked stores of whole vectors would be much slower on some processors.)
struct Last {
  std::size_t count;

#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  HWY_ATTR HWY_INLINE V load(const float* from) const { return hn::MaskedLoad(hn::FirstN(D(), count), D(), from); }
  HWY_ATTR HWY_INLINE void store(V v, float* to) const { hn::BlendedStore(v, hn::FirstN(D(), count), D(), to); }
#else  // masked loads and stores of these targets touch the whole vector
  HWY_ATTR HWY_INLINE V load(const float* from) const {
    HWY_ALIGN float buffer[kMaxLanes] = {};
    std::memcpy(buffer, from, count * sizeof(float));
    return hn::Load(D(), buffer);
  }
  HWY_ATTR HWY_INLINE void store(V v, float* to) const {
    HWY_ALIGN float buffer[kMaxLanes];
    hn::Store(v, D(), buffer);
    std::memcpy(to, buffer, count * sizeof(float));
  }
#endif
  HWY_ATTR HWY_INLINE V within(V v) const { return hn::IfThenElseZero(hn::FirstN(D(), count), v); }
};

/// Stores v, or adds it if the gradient is not fresh.
template <class Part>
HWY_ATTR HWY_INLINE void put(Part part, V v, Into<float> gradient, std::int64_t at) {
  float* const to = gradient.to + at;
  part.store(gradient.fresh ? v : hn::Add(part.load(to), v), to);
}

/// Calls f(at, Whole or Last) for every vector of a row of n numbers.
template <class F>
HWY_ATTR HWY_INLINE void each_vector(std::int64_t n, F f) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(D()));
  std::int64_t at = 0;
  for (; at + lanes <= n; at += lanes) f(at, Whole());
  if (at < n) f(at, Last{static_cast<std::size_t>(n - at)});
}

/// y = f(in…) for n numbers.
template <class F, class... In>
HWY_ATTR HWY_INLINE void map(std::int64_t n, float* y, F f, const In*... in) {
  each_vector(n, [&](std::int64_t at, auto part) HWY_ATTR { part.store(f(D(), part.load(in + at)...), y + at); });
}

/// y receives f(in…) for n numbers.
template <class F, class... In>
HWY_ATTR HWY_INLINE void map_gradient(std::int64_t n, Into<float> y, F f, const In*... in) {
  if (y.fresh) {
    map(n, y.to, f, in...);
  } else {
    each_vector(n, [&](std::int64_t at, auto part) HWY_ATTR {
      part.store(hn::Add(part.load(y.to + at), f(D(), part.load(in + at)...)), y.to + at);
    });
  }
}

/// Σ f(in…) over n numbers.
template <class F, class... In>
HWY_ATTR HWY_INLINE float sum_map(std::int64_t n, F f, const In*... in) {
  V sum = hn::Zero(D());
  each_vector(
      n, [&](std::int64_t at, auto part) HWY_ATTR { sum = hn::Add(sum, part.within(f(D(), part.load(in + at)...))); });
  return hn::GetLane(hn::SumOfLanes(D(), sum));
}

/// exp(x) for |x| ≤ 87, to two units in the last place: half the work of Highway's, which covers all x.
/// x = n·ln 2 + r, and exp(r) is a polynomial of degree 6, the best in relative error for |r| ≤ ½ ln 2.
HWY_ATTR HWY_INLINE V exp_of(D d, V x) {
  const hn::RebindToSigned<D> integers;
  // Added, it leaves n in the lowest bits; the shift below keeps those alone.
  const V rounder = hn::Set(d, 12582912.0F);
  const V n_in_bits = hn::MulAdd(x, hn::Set(d, 1.44269504F), rounder);
  const V n = hn::Sub(n_in_bits, rounder);
  const V r = hn::NegMulAdd(n, hn::Set(d, 1.42860677e-6F), hn::NegMulAdd(n, hn::Set(d, 0.693145752F), x));
  const V r2 = hn::Mul(r, r);
  const V low = hn::MulAdd(hn::Set(d, 0.166665211F), r, hn::Set(d, 0.49999994F));
  const V high = hn::MulAdd(hn::Set(d, 0.00836871006F), r, hn::Set(d, 0.041668389F));
  const V quotient = hn::MulAdd(hn::MulAdd(hn::Set(d, 0.00138146128F), r2, high), r2, low);
  const V power = hn::Add(hn::MulAdd(quotient, r2, r), hn::Set(d, 1.0F));
  return hn::BitCast(d, hn::Add(hn::BitCast(integers, power), hn::ShiftLeft<23>(hn::BitCast(integers, n_in_bits))));
}

/// 1/(1 + exp(−x)); the argument is held where exp neither overflows nor leaves the normal numbers.
HWY_ATTR HWY_INLINE V sigmoid_of(D d, V x) {
  const V held = hn::Min(hn::Max(hn::Neg(x), hn::Set(d, -87.0F)), hn::Set(d, 87.0F));
  const V one = hn::Set(d, 1.0F);
  return hn::Div(one, hn::Add(one, exp_of(d, held)));
}

/// tanh by 1 − 2/(1 + exp(2x)): its absolute error is one rounding, which is all that a gate needs.
HWY_ATTR HWY_INLINE V tanh_of(D d, V x) {
  const V held = hn::Min(hn::Max(hn::Add(x, x), hn::Set(d, -40.0F)), hn::Set(d, 40.0F));
  const V one = hn::Set(d, 1.0F);
  return hn::Sub(one, hn::Div(hn::Set(d, 2.0F), hn::Add(one, exp_of(d, held))));
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#endif
