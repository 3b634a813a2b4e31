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
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace drawlab {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// A matrix in memory: element [i,j] is data[i·row + j·column].
template <class T>
struct Strided {
  T* data;
  std::int64_t row;
  std::int64_t column = 1;

  Strided below(std::int64_t rows) const { return {data + rows * row, row, column}; }
};

/// Σ de·distance and ½·Σ de·distance² of one filter, e being its exponents.
template <class T>
struct Moments {
  T first;
  T second;
};

/// The matrix products and filters in plain loops, for f64.
struct PlainLoops {
  using T = double;

  /// y [m,n] (+)= a·b, with a [m,inner] and b [inner,n]. The columns of b and y are contiguous.
  static void multiply(std::int64_t m, std::int64_t inner, std::int64_t n, Strided<const T> a, Strided<const T> b,
                       Strided<T> y, bool accumulate) {
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j) {
        T sum = accumulate ? y.data[i * y.row + j] : 0;
        for (std::int64_t k = 0; k < inner; ++k) sum += a.data[i * a.row + k * a.column] * b.data[k * b.row + j];
        y.data[i * y.row + j] = sum;
      }
    }
  }
  /// y [m,n] += a·bᵀ, with a [m,inner] and b [n,inner]. The columns of all three are contiguous.
  static void multiply_transposed(std::int64_t m, std::int64_t inner, std::int64_t n, Strided<const T> a,
                                  Strided<const T> b, Strided<T> y) {
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j) {
        y.data[i * y.row + j] += dot(a.data + i * a.row, b.data + j * b.row, inner);
      }
    }
  }
  /// Σ x·y
  static T dot(const T* x, const T* y, std::int64_t n) {
    T sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += x[i] * y[i];
    return sum;
  }
  /// One filter on the pixels first + 1 … first + n: f[a] = exp(−½·precision·(first + a + 1 − center)²)/Z, the largest
  /// exponent factored out.
  static void filter(T center, T precision, std::int64_t first, T* f, std::int64_t n) {
    T largest = 0;
    for (std::int64_t a = 0; a < n; ++a) {
      const T distance = static_cast<T>(first + a + 1) - center;
      f[a] = T(-0.5) * precision * distance * distance;
      largest = a == 0 ? f[a] : std::max(largest, f[a]);
    }
    T sum = 0;
    for (std::int64_t a = 0; a < n; ++a) sum += f[a] = std::exp(f[a] - largest);
    for (std::int64_t a = 0; a < n; ++a) f[a] /= sum;
  }
  /// The gradient of the filter's exponents, as moments.
  static Moments<T> filter_backward(T center, std::int64_t first, const T* f, const T* d_f, std::int64_t n) {
    const T mean = dot(f, d_f, n);
    Moments<T> sums{0, 0};
    for (std::int64_t a = 0; a < n; ++a) {
      const T distance = static_cast<T>(first + a + 1) - center;
      const T d_e = f[a] * (d_f[a] - mean);
      sums.first += d_e * distance;
      sums.second += T(0.5) * d_e * distance * distance;
    }
    return sums;
  }
};

/// The same in vectors, for f32. The last vector of a row is masked.
struct VectorLoops {
  using T = float;
  using D = hn::ScalableTag<float>;
  using V = hn::Vec<D>;

  /// Rows × Vectors vectors of y; unless `Whole`, `mask` says which lanes of a row's last vector are columns.
  template <int Rows, int Vectors, bool Whole, class Mask>
  HWY_ATTR static HWY_INLINE void multiply_tile(std::int64_t inner, Strided<const T> a, Strided<const T> b,
                                                Strided<T> y, bool accumulate, Mask mask) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const auto load = [&](const T* row, int v) HWY_ATTR {
      if (Whole || v + 1 < Vectors) return hn::LoadU(d, row + v * lanes);
      return hn::MaskedLoad(mask, d, row + v * lanes);
    };
    V sums[Rows][Vectors];
    for (int r = 0; r < Rows; ++r) {
      for (int v = 0; v < Vectors; ++v) {
        sums[r][v] = accumulate ? load(y.data + r * y.row, v) : hn::Zero(d);
      }
    }
    for (std::int64_t k = 0; k < inner; ++k) {
      V row[Vectors];
      for (int v = 0; v < Vectors; ++v) row[v] = load(b.data + k * b.row, v);
      for (int r = 0; r < Rows; ++r) {
        const V factor = hn::Set(d, a.data[r * a.row + k * a.column]);
        for (int v = 0; v < Vectors; ++v) sums[r][v] = hn::MulAdd(factor, row[v], sums[r][v]);
      }
    }
    for (int r = 0; r < Rows; ++r) {
      for (int v = 0; v < Vectors; ++v) {
        T* const to = y.data + r * y.row + v * lanes;
        if (Whole || v + 1 < Vectors) {
          hn::StoreU(sums[r][v], d, to);
        } else {
          hn::BlendedStore(sums[r][v], mask, d, to);
        }
      }
    }
  }

  template <int Vectors, bool Whole, class Mask>
  HWY_ATTR static HWY_INLINE void multiply_columns(std::int64_t m, std::int64_t inner, Strided<const T> a,
                                                   Strided<const T> b, Strided<T> y, bool accumulate, Mask mask) {
    const auto tile = [&]<int Rows>(std::integral_constant<int, Rows>, std::int64_t i) HWY_ATTR {
      multiply_tile<Rows, Vectors, Whole>(inner, a.below(i), b, y.below(i), accumulate, mask);
    };
    std::int64_t i = 0;
    for (; i + 8 <= m; i += 4) tile(std::integral_constant<int, 4>(), i);
    // Splits the rest evenly: a tile with few rows waits for its own sums.
    if (m - i > 5) {
      tile(std::integral_constant<int, 3>(), i);
      i += 3;
    }
    switch (m - i) {
      case 5:
        return tile(std::integral_constant<int, 5>(), i);
      case 4:
        return tile(std::integral_constant<int, 4>(), i);
      case 3:
        return tile(std::integral_constant<int, 3>(), i);
      case 2:
        return tile(std::integral_constant<int, 2>(), i);
      case 1:
        return tile(std::integral_constant<int, 1>(), i);
      default:
        return;
    }
  }

  /// Two vectors of columns at a time: those of b stay in the first-level cache while the loop passes over a.
  HWY_ATTR static void multiply(std::int64_t m, std::int64_t inner, std::int64_t n, Strided<const T> a,
                                Strided<const T> b, Strided<T> y, bool accumulate) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const auto mask = hn::FirstN(d, static_cast<std::size_t>(n % lanes));
    const auto from = [&](std::int64_t j) { return Strided<const T>{b.data + j, b.row}; };
    const auto to = [&](std::int64_t j) { return Strided<T>{y.data + j, y.row}; };
    std::int64_t j = 0;
    for (; j + 2 * lanes <= n; j += 2 * lanes) multiply_columns<2, true>(m, inner, a, from(j), to(j), accumulate, mask);
    if (j + lanes < n) {
      multiply_columns<2, false>(m, inner, a, from(j), to(j), accumulate, mask);
    } else if (j + lanes == n) {
      multiply_columns<1, true>(m, inner, a, from(j), to(j), accumulate, mask);
    } else if (j < n) {
      multiply_columns<1, false>(m, inner, a, from(j), to(j), accumulate, mask);
    }
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

  /// y [Rows,4] += a·bᵀ: the four vectors of partial sums of a row of y are added up across the lanes together.
  template <int Rows>
  HWY_ATTR static HWY_INLINE void transposed_tile(std::int64_t inner, Strided<const T> a, Strided<const T> b,
                                                  Strided<T> y) {
#if HWY_TARGET == HWY_SCALAR
    for (int r = 0; r < Rows; ++r) {
      for (int j = 0; j < 4; ++j) y.data[r * y.row + j] += dot(a.data + r * a.row, b.data + j * b.row, inner);
    }
#else
    const D d;
    const hn::RepartitionToWide<D> pairs;
    const hn::FixedTag<T, 4> four;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    V partial[Rows][4];
    for (int r = 0; r < Rows; ++r) {
      for (int j = 0; j < 4; ++j) partial[r][j] = hn::Zero(d);
    }
    const auto add = [&](auto load) HWY_ATTR {
      V factor[Rows];
      for (int r = 0; r < Rows; ++r) factor[r] = load(a.data + r * a.row);
      for (int j = 0; j < 4; ++j) {
        const V other = load(b.data + j * b.row);
        for (int r = 0; r < Rows; ++r) partial[r][j] = hn::MulAdd(factor[r], other, partial[r][j]);
      }
    };
    std::int64_t w = 0;
    for (; w + lanes <= inner; w += lanes) add([&](const T* from) HWY_ATTR { return hn::LoadU(d, from + w); });
    if (w < inner) {
      const auto mask = hn::FirstN(d, static_cast<std::size_t>(inner - w));
      add([&](const T* from) HWY_ATTR { return hn::MaskedLoad(mask, d, from + w); });
    }
    for (int r = 0; r < Rows; ++r) {
      // Within each block of four lanes, from four vectors of one column each to one with a lane for each column.
      const auto even = hn::BitCast(pairs, hn::Add(hn::InterleaveLower(d, partial[r][0], partial[r][1]),
                                                   hn::InterleaveUpper(d, partial[r][0], partial[r][1])));
      const auto odd = hn::BitCast(pairs, hn::Add(hn::InterleaveLower(d, partial[r][2], partial[r][3]),
                                                  hn::InterleaveUpper(d, partial[r][2], partial[r][3])));
      const V by_column = hn::Add(hn::BitCast(d, hn::InterleaveLower(pairs, even, odd)),
                                  hn::BitCast(d, hn::InterleaveUpper(pairs, even, odd)));
      HWY_ALIGN T blocks[HWY_MAX_BYTES / sizeof(T)];
      hn::Store(by_column, d, blocks);
      auto sum = hn::LoadU(four, y.data + r * y.row);
      for (std::int64_t block = 0; block < lanes; block += 4) sum = hn::Add(sum, hn::Load(four, blocks + block));
      hn::StoreU(sum, four, y.data + r * y.row);
    }
#endif
  }

  /// Four rows of b at a time, which stay in the first-level cache while the loop passes over a.
  HWY_ATTR static void multiply_transposed(std::int64_t m, std::int64_t inner, std::int64_t n, Strided<const T> a,
                                           Strided<const T> b, Strided<T> y) {
    std::int64_t j = 0;
    for (; j + 4 <= n; j += 4) {
      const Strided<T> to{y.data + j, y.row};
      std::int64_t i = 0;
      for (; i + 2 <= m; i += 2) transposed_tile<2>(inner, a.below(i), b.below(j), to.below(i));
      if (i < m) transposed_tile<1>(inner, a.below(i), b.below(j), to.below(i));
    }
    for (; j < n; ++j) {
      for (std::int64_t i = 0; i < m; ++i) {
        y.data[i * y.row + j] += dot(a.data + i * a.row, b.data + j * b.row, inner);
      }
    }
  }

  /// Elements a … of a row of n. Masked stores are many times slower than whole ones on some processors.
  HWY_ATTR static HWY_INLINE void store(V v, std::int64_t a, std::int64_t n, T* row) {
    const D d;
    if (a + static_cast<std::int64_t>(hn::Lanes(d)) <= n) {
      hn::StoreU(v, d, row + a);
    } else {
      hn::BlendedStore(v, hn::FirstN(d, static_cast<std::size_t>(n - a)), d, row + a);
    }
  }

  HWY_ATTR static void filter(T center, T precision, std::int64_t first, T* f, std::int64_t n) {
    const D d;
    const T lowest = static_cast<T>(first + 1);
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    // The nearest pixel has the largest exponent. distance² − nearest² as a product is 0 there and nowhere below,
    // however far away the centre is; as a difference of squares its rounding errors would overflow exp for sharp
    // filters.
    const V nearest = hn::Set(d, std::clamp(std::round(center), lowest, static_cast<T>(first + n)) - center);
    const V scale = hn::Set(d, -0.5F * precision);
    V sum = hn::Zero(d);
    for (std::int64_t a = 0; a < n; a += lanes) {
      const auto mask = hn::FirstN(d, static_cast<std::size_t>(n - a));
      const V distance = hn::Sub(hn::Iota(d, lowest + static_cast<T>(a)), hn::Set(d, center));
      const V exponent = hn::Mul(scale, hn::Mul(hn::Sub(distance, nearest), hn::Add(distance, nearest)));
      const V value = hn::IfThenElseZero(mask, hn::Exp(d, hn::Max(exponent, hn::Set(d, -87.0F))));
      sum = hn::Add(sum, value);
      store(value, a, n, f);
    }
    const V share = hn::Div(hn::Set(d, 1.0F), hn::SumOfLanes(d, sum));
    for (std::int64_t a = 0; a < n; a += lanes) {
      const auto mask = hn::FirstN(d, static_cast<std::size_t>(n - a));
      store(hn::Mul(hn::MaskedLoad(mask, d, f + a), share), a, n, f);
    }
  }

  HWY_ATTR static Moments<T> filter_backward(T center, std::int64_t first, const T* f, const T* d_f, std::int64_t n) {
    const D d;
    const T lowest = static_cast<T>(first + 1);
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const V mean = hn::Set(d, dot(f, d_f, n));
    V sum1 = hn::Zero(d);
    V sum2 = hn::Zero(d);
    for (std::int64_t a = 0; a < n; a += lanes) {
      const auto mask = hn::FirstN(d, static_cast<std::size_t>(n - a));
      const V distance = hn::Sub(hn::Iota(d, lowest + static_cast<T>(a)), hn::Set(d, center));
      const V d_e = hn::Mul(hn::MaskedLoad(mask, d, f + a), hn::Sub(hn::MaskedLoad(mask, d, d_f + a), mean));
      const V weighted = hn::Mul(d_e, distance);
      sum1 = hn::Add(sum1, weighted);
      sum2 = hn::MulAdd(weighted, distance, sum2);
    }
    return {hn::GetLane(hn::SumOfLanes(d, sum1)), 0.5F * hn::GetLane(hn::SumOfLanes(d, sum2))};
  }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab
HWY_AFTER_NAMESPACE();

#endif
