// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "kernels/elementwise.hpp"

#include <algorithm>
#include <cmath>

// foreach_target.h has to come before the others.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/elementwise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "kernels/loops-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab::kernels {
namespace HWY_NAMESPACE {
namespace {

HWY_ATTR void Sigmoid(const float* x, float* y, std::int64_t n) {
  map(
      n, y, [](D d, V v) HWY_ATTR { return sigmoid_of(d, v); }, x);
}

HWY_ATTR void Exp(const float* x, float* y, std::int64_t n) {
  map(
      n, y, [](D d, V v) HWY_ATTR { return hn::Exp(d, v); }, x);
}

HWY_ATTR void Tanh(const float* x, float* y, std::int64_t n) {
  map(
      n, y, [](D d, V v) HWY_ATTR { return tanh_of(d, v); }, x);
}

HWY_ATTR void AddTo(const float* a, const float* b, float* y, std::int64_t n) {
  map(
      n, y, [](D, V v, V w) HWY_ATTR { return hn::Add(v, w); }, a, b);
}

HWY_ATTR void PassOn(const float* x, Into<float> y, std::int64_t n) {
  map_gradient(
      n, y, [](D, V v) HWY_ATTR { return v; }, x);
}

HWY_ATTR void ErrorImage(const float* x, const float* c, float* y, std::int64_t n) {
  map(
      n, y, [](D d, V v, V w) HWY_ATTR { return hn::Sub(v, sigmoid_of(d, w)); }, x, c);
}

HWY_ATTR void ErrorImageBackward(const float* x, const float* y, const float* d_y, Into<float> d_c, std::int64_t n) {
  map_gradient(
      n, d_c,
      [](D d, V v, V w, V dw) HWY_ATTR {
        const V s = hn::Sub(v, w);
        return hn::Mul(dw, hn::Mul(s, hn::Sub(s, hn::Set(d, 1.0F))));
      },
      x, y, d_y);
}

HWY_ATTR void GaussianLatent(const LatentArrays<float>& arrays, float* z, float* kl, const MatrixSize& size) {
  const std::int64_t latent = size.columns;
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const float* const mu = arrays.mu_log_sigma + row * 2 * latent;
    const float* const log_sigma = mu + latent;
    float* const s = arrays.sigma + row * latent;
    map(
        latent, s, [](D d, V v) HWY_ATTR { return hn::Exp(d, v); }, log_sigma);
    map(
        latent, z + row * latent, [](D, V m, V vs, V e) HWY_ATTR { return hn::MulAdd(vs, e, m); }, mu, s,
        arrays.noise + row * latent);
    // ½(mu² + sigma²) − log sigma − ½
    kl[row] = sum_map(
        latent,
        [](D d, V m, V vs, V ls) HWY_ATTR {
          const V half = hn::Set(d, 0.5F);
          return hn::Sub(hn::Mul(half, hn::MulAdd(m, m, hn::Mul(vs, vs))), hn::Add(ls, half));
        },
        mu, s, log_sigma);
  }
}

HWY_ATTR void GaussianLatentBackward(const LatentArrays<float>& arrays, const float* d_z, const float* d_kl,
                                     Into<float> d_mu_log_sigma, const MatrixSize& size) {
  const std::int64_t latent = size.columns;
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const float weight = d_kl[row];
    const float* const mu = arrays.mu_log_sigma + row * 2 * latent;
    const float* const dz = d_z + row * latent;
    const Into<float> d_mu = d_mu_log_sigma.from(row * 2 * latent);
    map_gradient(
        latent, d_mu, [weight](D d, V v, V m) HWY_ATTR { return hn::MulAdd(hn::Set(d, weight), m, v); }, dz, mu);
    map_gradient(
        latent, d_mu.from(latent),
        [weight](D d, V v, V s, V e) HWY_ATTR {
          const V from_kl = hn::Mul(hn::Set(d, weight), hn::MulSub(s, s, hn::Set(d, 1.0F)));
          return hn::MulAdd(hn::Mul(v, s), e, from_kl);
        },
        dz, arrays.sigma + row * latent, arrays.noise + row * latent);
  }
}

HWY_ATTR void BernoulliNll(const float* x, const float* c, float* y, const MatrixSize& size) {
  const std::int64_t n = size.columns;
  for (std::int64_t row = 0; row < size.rows; ++row) {
    y[row] = sum_map(
        n,
        [](D d, V v, V w) HWY_ATTR {
          const V positive = hn::Max(w, hn::Zero(d));
          const V small = exp_of(d, hn::Max(hn::Neg(hn::Abs(w)), hn::Set(d, -87.0F)));
          return hn::Add(hn::NegMulAdd(w, v, positive), hn::Log1p(d, small));
        },
        x + row * n, c + row * n);
  }
}

HWY_ATTR void BernoulliNllBackward(const float* x, const float* c, const float* d_y, Into<float> d_c,
                                   const MatrixSize& size) {
  const std::int64_t n = size.columns;
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const float weight = d_y[row];
    map_gradient(
        n, d_c.from(row * n),
        [weight](D d, V v, V w) HWY_ATTR { return hn::Mul(hn::Set(d, weight), hn::Sub(sigmoid_of(d, w), v)); },
        x + row * n, c + row * n);
  }
}

HWY_ATTR void Softmax(const float* x, float* y, const MatrixSize& size) {
  const std::int64_t n = size.columns;
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const float* const from = x + row * n;
    float* const to = y + row * n;
    float largest = from[0];
    for (std::int64_t i = 1; i < n; ++i) largest = std::max(largest, from[i]);
    map(
        n, to,
        [largest](D d, V v)
            HWY_ATTR { return exp_of(d, hn::Max(hn::Sub(v, hn::Set(d, largest)), hn::Set(d, -87.0F))); },
        from);
    const float scale = 1.0F / sum_map(
                                   n, [](D, V v) HWY_ATTR { return v; }, to);
    map(
        n, to, [scale](D d, V v) HWY_ATTR { return hn::Mul(v, hn::Set(d, scale)); }, to);
  }
}

HWY_ATTR void AddColumnSums(const float* x, float* sums, const MatrixSize& size) {
  const auto [rows, n] = size;
  const D d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    V a = hn::LoadU(d, sums + i);
    V b = hn::LoadU(d, sums + i + lanes);
    V e = hn::LoadU(d, sums + i + 2 * lanes);
    V f = hn::LoadU(d, sums + i + 3 * lanes);
    for (std::int64_t row = 0; row < rows; ++row) {
      const float* const from = x + row * n + i;
      a = hn::Add(a, hn::LoadU(d, from));
      b = hn::Add(b, hn::LoadU(d, from + lanes));
      e = hn::Add(e, hn::LoadU(d, from + 2 * lanes));
      f = hn::Add(f, hn::LoadU(d, from + 3 * lanes));
    }
    hn::StoreU(a, d, sums + i);
    hn::StoreU(b, d, sums + i + lanes);
    hn::StoreU(e, d, sums + i + 2 * lanes);
    hn::StoreU(f, d, sums + i + 3 * lanes);
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t j = i; j < n; ++j) sums[j] += x[row * n + j];
  }
}

const char* InstructionSet() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab::kernels {

HWY_EXPORT(Sigmoid);
void sigmoid(const float* x, float* y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(Sigmoid)(x, y, n); }

HWY_EXPORT(Exp);
void exp(const float* x, float* y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(Exp)(x, y, n); }

HWY_EXPORT(Tanh);
void tanh(const float* x, float* y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(Tanh)(x, y, n); }

HWY_EXPORT(AddTo);
void add(const float* a, const float* b, float* y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(AddTo)(a, b, y, n); }

HWY_EXPORT(PassOn);
void pass_on(const float* x, Into<float> y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(PassOn)(x, y, n); }

HWY_EXPORT(ErrorImage);
void error_image(const float* x, const float* c, float* y, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(ErrorImage)(x, c, y, n);
}

HWY_EXPORT(ErrorImageBackward);
void error_image_backward(const float* x, const float* y, const float* d_y, Into<float> d_c, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(ErrorImageBackward)(x, y, d_y, d_c, n);
}

HWY_EXPORT(GaussianLatent);
void gaussian_latent(const LatentArrays<float>& arrays, float* z, float* kl, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(GaussianLatent)(arrays, z, kl, size);
}

HWY_EXPORT(GaussianLatentBackward);
void gaussian_latent_backward(const LatentArrays<float>& arrays, const float* d_z, const float* d_kl,
                              Into<float> d_mu_log_sigma, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(GaussianLatentBackward)(arrays, d_z, d_kl, d_mu_log_sigma, size);
}

HWY_EXPORT(BernoulliNll);
void bernoulli_nll(const float* x, const float* c, float* y, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(BernoulliNll)(x, c, y, size);
}

HWY_EXPORT(BernoulliNllBackward);
void bernoulli_nll_backward(const float* x, const float* c, const float* d_y, Into<float> d_c, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(BernoulliNllBackward)(x, c, d_y, d_c, size);
}

HWY_EXPORT(Softmax);
void softmax(const float* x, float* y, const MatrixSize& size) { HWY_DYNAMIC_DISPATCH(Softmax)(x, y, size); }

HWY_EXPORT(AddColumnSums);
void add_column_sums(const float* x, float* sums, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(AddColumnSums)(x, sums, size);
}

HWY_EXPORT(InstructionSet);
const char* instruction_set() { return HWY_DYNAMIC_DISPATCH(InstructionSet)(); }

// ---- f64 ----

namespace {

double sigmoid_of(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

}  // namespace

void sigmoid(const double* x, double* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = sigmoid_of(x[i]);
}

void exp(const double* x, double* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = std::exp(x[i]);
}

void tanh(const double* x, double* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = std::tanh(x[i]);
}

void add(const double* a, const double* b, double* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = a[i] + b[i];
}

void pass_on(const double* x, Into<double> y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y.put(i, x[i]);
}

void error_image(const double* x, const double* c, double* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = x[i] - sigmoid_of(c[i]);
}

void error_image_backward(const double* x, const double* y, const double* d_y, Into<double> d_c, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    const double s = x[i] - y[i];
    d_c.put(i, -d_y[i] * s * (1 - s));
  }
}

void gaussian_latent(const LatentArrays<double>& arrays, double* z, double* kl, const MatrixSize& size) {
  const std::int64_t latent = size.columns;
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const double* const mu = arrays.mu_log_sigma + row * 2 * latent;
    double sum = 0;
    for (std::int64_t j = 0; j < latent; ++j) {
      const std::int64_t at = row * latent + j;
      const double log_sigma = mu[latent + j];
      const double s = arrays.sigma[at] = std::exp(log_sigma);
      z[at] = mu[j] + s * arrays.noise[at];
      sum += 0.5 * (mu[j] * mu[j] + s * s) - log_sigma - 0.5;
    }
    kl[row] = sum;
  }
}

void gaussian_latent_backward(const LatentArrays<double>& arrays, const double* d_z, const double* d_kl,
                              Into<double> d_mu_log_sigma, const MatrixSize& size) {
  const std::int64_t latent = size.columns;
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const double* const mu = arrays.mu_log_sigma + row * 2 * latent;
    const Into<double> d = d_mu_log_sigma.from(row * 2 * latent);
    for (std::int64_t j = 0; j < latent; ++j) {
      const std::int64_t at = row * latent + j;
      const double s = arrays.sigma[at];
      d.put(j, d_z[at] + d_kl[row] * mu[j]);
      d.put(latent + j, d_z[at] * s * arrays.noise[at] + d_kl[row] * (s * s - 1));
    }
  }
}

void bernoulli_nll(const double* x, const double* c, double* y, const MatrixSize& size) {
  for (std::int64_t row = 0; row < size.rows; ++row) {
    double sum = 0;
    for (std::int64_t i = row * size.columns; i < (row + 1) * size.columns; ++i) {
      sum += std::max(c[i], 0.0) - c[i] * x[i] + std::log1p(std::exp(-std::abs(c[i])));
    }
    y[row] = sum;
  }
}

void bernoulli_nll_backward(const double* x, const double* c, const double* d_y, Into<double> d_c,
                            const MatrixSize& size) {
  for (std::int64_t i = 0; i < size.count(); ++i) d_c.put(i, d_y[i / size.columns] * (sigmoid_of(c[i]) - x[i]));
}

void softmax(const double* x, double* y, const MatrixSize& size) {
  const std::int64_t n = size.columns;
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const double* const from = x + row * n;
    double* const to = y + row * n;
    const double largest = *std::max_element(from, from + n);
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += to[i] = std::exp(from[i] - largest);
    for (std::int64_t i = 0; i < n; ++i) to[i] /= sum;
  }
}

void add_column_sums(const double* x, double* sums, const MatrixSize& size) {
  for (std::int64_t i = 0; i < size.count(); ++i) sums[i % size.columns] += x[i];
}

}  // namespace drawlab::kernels
#endif
