// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "kernels/optimiser.hpp"

#include <algorithm>

// foreach_target.h has to come before the others.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/optimiser.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "kernels/loops-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab::kernels {
namespace HWY_NAMESPACE {
namespace {

HWY_ATTR double SumOfSquares(const float* x, std::int64_t n) {
  constexpr std::int64_t kBlock = 4096;
  double total = 0;
  for (std::int64_t start = 0; start < n; start += kBlock) {
    total += sum_map(
        std::min(kBlock, n - start), [](D, V v) HWY_ATTR { return hn::Mul(v, v); }, x + start);
  }
  return total;
}

HWY_ATTR void Adam(const AdamStep& step, const float* gradient, float* first, float* second, float* values,
                   std::int64_t n) {
  map(
      n, first,
      [&step](D d, V g, V m)
          HWY_ATTR { return hn::MulAdd(hn::Set(d, step.beta1), m, hn::Mul(hn::Set(d, step.rest1 * step.scale), g)); },
      gradient, first);
  map(
      n, second,
      [&step](D d, V g, V v) HWY_ATTR {
        const V scaled = hn::Mul(hn::Set(d, step.scale), g);
        return hn::MulAdd(hn::Set(d, step.beta2), v, hn::Mul(hn::Set(d, step.rest2), hn::Mul(scaled, scaled)));
      },
      gradient, second);
  map(
      n, values,
      [&step](D d, V m, V v, V w) HWY_ATTR {
        const V down = hn::Add(hn::Sqrt(v), hn::Set(d, step.epsilon));
        return hn::Sub(w, hn::Div(hn::Mul(hn::Set(d, step.rate), m), down));
      },
      first, second, values);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab::kernels {

HWY_EXPORT(SumOfSquares);
double sum_of_squares(const float* x, std::int64_t n) { return HWY_DYNAMIC_DISPATCH(SumOfSquares)(x, n); }

HWY_EXPORT(Adam);
void adam(const AdamStep& step, const float* gradient, float* first, float* second, float* values, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(Adam)(step, gradient, first, second, values, n);
}

}  // namespace drawlab::kernels
#endif
