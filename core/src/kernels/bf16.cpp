// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "kernels/bf16.hpp"

#include <cstring>
#include <type_traits>

// foreach_target.h has to come before the others.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/bf16.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "kernels/loops-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab::kernels {
namespace HWY_NAMESPACE {
namespace {

HWY_ATTR void ToBf16(const float* x, Bf16* y, std::int64_t n) {
  const hn::RebindToUnsigned<D> du;
  const hn::Rebind<std::uint16_t, D> half;
  const auto rounded = [&](V v) HWY_ATTR {
    const auto bits = hn::BitCast(du, v);
    const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
    const auto nearest = hn::ShiftRight<16>(hn::Add(bits, hn::Add(odd, hn::Set(du, 0x7fff))));
    const auto no_number = hn::RebindMask(du, hn::IsNaN(v));
    return hn::TruncateTo(half, hn::IfThenElse(no_number, hn::Set(du, 0x7fc0), nearest));
  };
  auto* const to = reinterpret_cast<std::uint16_t*>(y);
  each_vector(n, [&](std::int64_t at, auto part) HWY_ATTR {
    const auto halves = rounded(part.load(x + at));
    if constexpr (std::is_same_v<decltype(part), Whole>) {
      hn::StoreU(halves, half, to + at);
    } else {
      HWY_ALIGN std::uint16_t out[kMaxLanes];
      hn::Store(halves, half, out);
      std::memcpy(to + at, out, part.count * sizeof(std::uint16_t));
    }
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab::kernels {

HWY_EXPORT(ToBf16);
void to_bf16(const float* x, Bf16* y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(ToBf16)(x, y, n); }

}  // namespace drawlab::kernels
#endif
