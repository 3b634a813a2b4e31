// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "kernels/noise.hpp"

#include <algorithm>
#include <cstring>

// clang-format off
// foreach_target.h has to come before highway.h
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/noise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab::kernels {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

/// Philox4x32-10 on a batch of blocks, in loops that the compiler turns into vectors, then Box and Muller.
HWY_ATTR void FillNormal(const StreamAddress& address, std::span<float> values) {
  constexpr std::uint32_t kBlocks = 32;
  const D d;
  const hn::RebindToSigned<D> di;
  const std::size_t lanes = hn::Lanes(d);
  const auto to_unit = [&](const std::uint32_t* words) HWY_ATTR {  // (k + ½)/2²³ in (0,1), exact
    const auto k = hn::LoadU(di, reinterpret_cast<const std::int32_t*>(words));
    return hn::Mul(hn::Add(hn::ConvertTo(d, k), hn::Set(d, 0.5F)), hn::Set(d, 0x1p-23F));
  };

  alignas(64) std::uint32_t c[4][kBlocks];
  alignas(64) float normals[4 * kBlocks];
  for (std::size_t done = 0; done < values.size(); done += 4 * kBlocks) {
    for (std::uint32_t i = 0; i < kBlocks; ++i) {
      c[0][i] = static_cast<std::uint32_t>(done / 4) + i;
      c[1][i] = address.counter[0];
      c[2][i] = address.counter[1];
      c[3][i] = address.counter[2];
    }
    std::uint32_t k0 = address.key[0];
    std::uint32_t k1 = address.key[1];
    for (int round = 0; round < 10; ++round) {
      for (std::uint32_t i = 0; i < kBlocks; ++i) {
        const std::uint64_t product0 = 0xD2511F53ULL * c[0][i];
        const std::uint64_t product1 = 0xCD9E8D57ULL * c[2][i];
        c[0][i] = static_cast<std::uint32_t>(product1 >> 32) ^ c[1][i] ^ k0;
        c[1][i] = static_cast<std::uint32_t>(product1);
        c[2][i] = static_cast<std::uint32_t>(product0 >> 32) ^ c[3][i] ^ k1;
        c[3][i] = static_cast<std::uint32_t>(product0);
      }
      k0 += 0x9E3779B9U;
      k1 += 0xBB67AE85U;
    }
    for (auto& word : c) {
      for (std::uint32_t i = 0; i < kBlocks; ++i) word[i] >>= 9;
    }
    const V two_pi = hn::Set(d, 6.28318530717958648F);
    const V minus_two = hn::Set(d, -2.0F);
    for (std::size_t i = 0; i < kBlocks; i += lanes) {
      const V radius0 = hn::Sqrt(hn::Mul(minus_two, hn::Log(d, to_unit(&c[0][i]))));
      const V angle0 = hn::Mul(two_pi, to_unit(&c[1][i]));
      const V radius1 = hn::Sqrt(hn::Mul(minus_two, hn::Log(d, to_unit(&c[2][i]))));
      const V angle1 = hn::Mul(two_pi, to_unit(&c[3][i]));
      hn::StoreInterleaved4(hn::Mul(radius0, hn::Cos(d, angle0)), hn::Mul(radius0, hn::Sin(d, angle0)),
                            hn::Mul(radius1, hn::Cos(d, angle1)), hn::Mul(radius1, hn::Sin(d, angle1)), d,
                            normals + 4 * i);
    }
    std::memcpy(values.data() + done, normals,
                std::min(values.size() - done, static_cast<std::size_t>(4 * kBlocks)) * sizeof(float));
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab::kernels {

HWY_EXPORT(FillNormal);
void fill_normal(const StreamAddress& address, std::span<float> values) {
  HWY_DYNAMIC_DISPATCH(FillNormal)(address, values);
}

}  // namespace drawlab::kernels
#endif
