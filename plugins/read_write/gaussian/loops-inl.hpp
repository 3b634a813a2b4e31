// Included once for each instruction set, from between Highway's own headers and their user (as its -inl headers are).
#if defined(DRAWLAB_GAUSSIAN_LOOPS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef DRAWLAB_GAUSSIAN_LOOPS_INL
#undef DRAWLAB_GAUSSIAN_LOOPS_INL
#else
#define DRAWLAB_GAUSSIAN_LOOPS_INL
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace drawlab {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// The two products and the one exponential that everything below is made of, in plain loops: for f64.
struct PlainLoops {
  using T = double;

  /// y [m,n] (+)= a·b, with a[i,k] at a[i·a_row + k·a_column], b [inner,n] and y with rows of n.
  static void multiply(std::int64_t m, std::int64_t inner, std::int64_t n, const T* a, std::int64_t a_row,
                       std::int64_t a_column, const T* b, T* y, bool accumulate) {
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j) {
        T sum = accumulate ? y[i * n + j] : 0;
        for (std::int64_t k = 0; k < inner; ++k) sum += a[i * a_row + k * a_column] * b[k * n + j];
        y[i * n + j] = sum;
      }
    }
  }
  /// Σ x·y
  static T dot(const T* x, const T* y, std::int64_t n) {
    T sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += x[i] * y[i];
    return sum;
  }
  /// sums[h] += Σ_w x[w]·y[h·n + w] for each of the `rows` rows of y
  static void dot_rows(const T* x, const T* y, std::int64_t rows, std::int64_t n, T* sums) {
    for (std::int64_t h = 0; h < rows; ++h) sums[h] += dot(x, y + h * n, n);
  }
  /// One filter: f[a] = exp(−½·precision·(a + 1 − center)²)/Z, the largest exponent factored out.
  static void filter(T center, T precision, T* f, std::int64_t n) {
    T largest = 0;
    for (std::int64_t a = 0; a < n; ++a) {
      const T distance = static_cast<T>(a + 1) - center;
      f[a] = T(-0.5) * precision * distance * distance;
      largest = a == 0 ? f[a] : std::max(largest, f[a]);
    }
    T sum = 0;
    for (std::int64_t a = 0; a < n; ++a) sum += f[a] = std::exp(f[a] - largest);
    for (std::int64_t a = 0; a < n; ++a) f[a] /= sum;
  }
  /// Through the filter: with e the exponents, sums de·distance and ½·de·distance².
  static void filter_backward(T center, const T* f, const T* d_f, std::int64_t n, T& first, T& second) {
    const T mean = dot(f, d_f, n);
    first = 0;
    second = 0;
    for (std::int64_t a = 0; a < n; ++a) {
      const T distance = static_cast<T>(a + 1) - center;
      const T d_e = f[a] * (d_f[a] - mean);
      first += d_e * distance;
      second += T(0.5) * d_e * distance * distance;
    }
  }
};

/// The same in vectors: for f32. Rows end in a masked vector.
struct VectorLoops {
  using T = float;
  using D = hn::ScalableTag<float>;
  using V = hn::Vec<D>;

  template <int Rows>
  HWY_ATTR static HWY_INLINE void multiply_rows(std::int64_t inner, std::int64_t n, const T* a, std::int64_t a_row,
                                                std::int64_t a_column, const T* b, T* y, bool accumulate) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    for (std::int64_t j = 0; j < n; j += lanes) {
      const bool whole = j + lanes <= n;
      const auto mask = hn::FirstN(d, static_cast<std::size_t>(n - j));
      V sums[Rows];
      for (int r = 0; r < Rows; ++r) {
        sums[r] = !accumulate ? hn::Zero(d)
                  : whole     ? hn::LoadU(d, y + r * n + j)
                              : hn::MaskedLoad(mask, d, y + r * n + j);
      }
      const T* const from = b + j;
      if (whole) {
        for (std::int64_t k = 0; k < inner; ++k) {
          const V row = hn::LoadU(d, from + k * n);
          for (int r = 0; r < Rows; ++r) {
            sums[r] = hn::MulAdd(hn::Set(d, a[r * a_row + k * a_column]), row, sums[r]);
          }
        }
        for (int r = 0; r < Rows; ++r) hn::StoreU(sums[r], d, y + r * n + j);
      } else {
        for (std::int64_t k = 0; k < inner; ++k) {
          const V row = hn::MaskedLoad(mask, d, from + k * n);
          for (int r = 0; r < Rows; ++r) {
            sums[r] = hn::MulAdd(hn::Set(d, a[r * a_row + k * a_column]), row, sums[r]);
          }
        }
        for (int r = 0; r < Rows; ++r) hn::BlendedStore(sums[r], mask, d, y + r * n + j);
      }
    }
  }

  HWY_ATTR static void multiply(std::int64_t m, std::int64_t inner, std::int64_t n, const T* a, std::int64_t a_row,
                                std::int64_t a_column, const T* b, T* y, bool accumulate) {
    std::int64_t i = 0;
    for (; i + 4 <= m; i += 4) multiply_rows<4>(inner, n, a + i * a_row, a_row, a_column, b, y + i * n, accumulate);
    for (; i + 2 <= m; i += 2) multiply_rows<2>(inner, n, a + i * a_row, a_row, a_column, b, y + i * n, accumulate);
    for (; i < m; ++i) multiply_rows<1>(inner, n, a + i * a_row, a_row, a_column, b, y + i * n, accumulate);
  }

  HWY_ATTR static HWY_INLINE T dot(const T* x, const T* y, std::int64_t n) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    V sum = hn::Zero(d);
    std::int64_t i = 0;
    for (; i + lanes <= n; i += lanes) sum = hn::MulAdd(hn::LoadU(d, x + i), hn::LoadU(d, y + i), sum);
    if (i < n) {
      const auto mask = hn::FirstN(d, static_cast<std::size_t>(n - i));
      sum = hn::MulAdd(hn::MaskedLoad(mask, d, x + i), hn::MaskedLoad(mask, d, y + i), sum);
    }
    return hn::GetLane(hn::SumOfLanes(d, sum));
  }

  /// Four rows at a time: their four vectors of partial sums are added up across the lanes together.
  HWY_ATTR static void dot_rows(const T* x, const T* y, std::int64_t rows, std::int64_t n, T* sums) {
    std::int64_t h = 0;
#if HWY_TARGET != HWY_SCALAR
    const D d;
    const hn::RepartitionToWide<D> pairs;
    const hn::FixedTag<T, 4> four;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    for (; h + 4 <= rows; h += 4) {
      const T* const from = y + h * n;
      V partial[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
      std::int64_t w = 0;
      for (; w + lanes <= n; w += lanes) {
        const V factor = hn::LoadU(d, x + w);
        for (int r = 0; r < 4; ++r) partial[r] = hn::MulAdd(factor, hn::LoadU(d, from + r * n + w), partial[r]);
      }
      if (w < n) {
        const auto mask = hn::FirstN(d, static_cast<std::size_t>(n - w));
        const V factor = hn::MaskedLoad(mask, d, x + w);
        for (int r = 0; r < 4; ++r) {
          partial[r] = hn::MulAdd(factor, hn::MaskedLoad(mask, d, from + r * n + w), partial[r]);
        }
      }
      // Within each block of four lanes, from four vectors of one row each to one with a lane for each row.
      const auto even = hn::BitCast(pairs, hn::Add(hn::InterleaveLower(d, partial[0], partial[1]),
                                                   hn::InterleaveUpper(d, partial[0], partial[1])));
      const auto odd = hn::BitCast(pairs, hn::Add(hn::InterleaveLower(d, partial[2], partial[3]),
                                                  hn::InterleaveUpper(d, partial[2], partial[3])));
      const V by_row = hn::Add(hn::BitCast(d, hn::InterleaveLower(pairs, even, odd)),
                               hn::BitCast(d, hn::InterleaveUpper(pairs, even, odd)));
      HWY_ALIGN T blocks[HWY_MAX_BYTES / sizeof(T)];
      hn::Store(by_row, d, blocks);
      auto sum = hn::LoadU(four, sums + h);
      for (std::int64_t block = 0; block < lanes; block += 4) sum = hn::Add(sum, hn::Load(four, blocks + block));
      hn::StoreU(sum, four, sums + h);
    }
#endif
    for (; h < rows; ++h) sums[h] += dot(x, y + h * n, n);
  }

  HWY_ATTR static void filter(T center, T precision, T* f, std::int64_t n) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    // The nearest pixel has the largest exponent. distance² − nearest² as a product is 0 there and nowhere below,
    // however far away the centre is; as a difference of squares its rounding errors would overflow exp for sharp
    // filters.
    const V nearest = hn::Set(d, std::clamp(std::round(center), T(1), static_cast<T>(n)) - center);
    const V scale = hn::Set(d, -0.5F * precision);
    V sum = hn::Zero(d);
    for (std::int64_t a = 0; a < n; a += lanes) {
      const auto mask = hn::FirstN(d, static_cast<std::size_t>(n - a));
      const V distance = hn::Sub(hn::Iota(d, static_cast<T>(a + 1)), hn::Set(d, center));
      const V exponent = hn::Mul(scale, hn::Mul(hn::Sub(distance, nearest), hn::Add(distance, nearest)));
      const V value = hn::IfThenElseZero(mask, hn::Exp(d, hn::Max(exponent, hn::Set(d, -87.0F))));
      sum = hn::Add(sum, value);
      hn::BlendedStore(value, mask, d, f + a);
    }
    const V share = hn::Div(hn::Set(d, 1.0F), hn::SumOfLanes(d, sum));
    for (std::int64_t a = 0; a < n; a += lanes) {
      const auto mask = hn::FirstN(d, static_cast<std::size_t>(n - a));
      hn::BlendedStore(hn::Mul(hn::MaskedLoad(mask, d, f + a), share), mask, d, f + a);
    }
  }

  HWY_ATTR static void filter_backward(T center, const T* f, const T* d_f, std::int64_t n, T& first, T& second) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const V mean = hn::Set(d, dot(f, d_f, n));
    V sum1 = hn::Zero(d);
    V sum2 = hn::Zero(d);
    for (std::int64_t a = 0; a < n; a += lanes) {
      const auto mask = hn::FirstN(d, static_cast<std::size_t>(n - a));
      const V distance = hn::Sub(hn::Iota(d, static_cast<T>(a + 1)), hn::Set(d, center));
      const V d_e = hn::Mul(hn::MaskedLoad(mask, d, f + a), hn::Sub(hn::MaskedLoad(mask, d, d_f + a), mean));
      const V weighted = hn::Mul(d_e, distance);
      sum1 = hn::Add(sum1, weighted);
      sum2 = hn::MulAdd(weighted, distance, sum2);
    }
    first = hn::GetLane(hn::SumOfLanes(d, sum1));
    second = 0.5F * hn::GetLane(hn::SumOfLanes(d, sum2));
  }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab
HWY_AFTER_NAMESPACE();

#endif
