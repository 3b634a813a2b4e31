#include "kernels/elementwise.hpp"

#include <algorithm>
#include <cmath>

// The same loops in plain double precision: the reference that the vectorised ones are tested against.
namespace drawlab::kernels {

namespace {

double sigmoid_of(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

void put(double& gradient, bool fresh, double number) { gradient = fresh ? number : gradient + number; }

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

void pass_on(const double* x, double* y, std::int64_t n, bool fresh) {
  for (std::int64_t i = 0; i < n; ++i) put(y[i], fresh, x[i]);
}

void error_image(const double* x, const double* c, double* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = x[i] - sigmoid_of(c[i]);
}

void error_image_backward(const double* x, const double* y, const double* d_y, double* d_c, std::int64_t n,
                          bool fresh) {
  for (std::int64_t i = 0; i < n; ++i) {
    const double s = x[i] - y[i];
    put(d_c[i], fresh, -d_y[i] * s * (1 - s));
  }
}

void lstm(const double* gates, const double* c_previous, double* kept, double* tanh_c, double* h_out, double* c_out,
          std::int64_t rows, std::int64_t h) {
  lstm_cell(gates, c_previous, kept, c_out, rows, h);
  output_gate(kept, c_out, tanh_c, h_out, rows, h);
}

void lstm_backward(const double* kept, const double* c_previous, const double* tanh_c, const double* d_h,
                   const double* d_c, double* d_gates, bool gates_fresh, double* d_c_previous, bool c_fresh,
                   std::int64_t rows, std::int64_t h) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const double* const k = kept + row * 4 * h;
    for (std::int64_t j = 0; j < h; ++j) {
      const std::int64_t at = row * h + j;
      const double i = k[j];
      const double f = k[h + j];
      const double g = k[2 * h + j];
      const double o = k[3 * h + j];
      const double t = tanh_c[at];
      const double dc = d_c[at] + d_h[at] * o * (1 - t * t);  // h = o·tanh(c)
      if (d_gates != nullptr) {
        double* const d = d_gates + row * 4 * h;
        put(d[j], gates_fresh, dc * g * i * (1 - i));  // c = f·c_previous + i·g
        put(d[h + j], gates_fresh, dc * c_previous[at] * f * (1 - f));
        put(d[2 * h + j], gates_fresh, dc * i * (1 - g * g));
        put(d[3 * h + j], gates_fresh, d_h[at] * t * o * (1 - o));
      }
      if (d_c_previous != nullptr) put(d_c_previous[at], c_fresh, dc * f);
    }
  }
}

void lstm_cell(const double* gates, const double* c_previous, double* kept, double* c_out, std::int64_t rows,
               std::int64_t h) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const double* const in = gates + row * 4 * h;
    double* const k = kept + row * 4 * h;
    for (std::int64_t j = 0; j < h; ++j) {
      const double i = k[j] = sigmoid_of(in[j]);
      const double f = k[h + j] = sigmoid_of(in[h + j]);
      const double g = k[2 * h + j] = std::tanh(in[2 * h + j]);
      k[3 * h + j] = sigmoid_of(in[3 * h + j]);
      c_out[row * h + j] = f * c_previous[row * h + j] + i * g;
    }
  }
}

void lstm_cell_backward(const double* kept, const double* c_previous, const double* tanh_c, const double* d_h,
                        const double* d_c, double* d_gates, double* d_c_previous, bool c_fresh, std::int64_t rows,
                        std::int64_t h) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const double* const k = kept + row * 4 * h;
    double* const d = d_gates + row * 4 * h;
    for (std::int64_t j = 0; j < h; ++j) {
      const std::int64_t at = row * h + j;
      const double i = k[j];
      const double f = k[h + j];
      const double g = k[2 * h + j];
      const double o = k[3 * h + j];
      d[j] = d_c[at] * g * i * (1 - i);  // c = f·c_previous + i·g
      d[h + j] = d_c[at] * c_previous[at] * f * (1 - f);
      d[2 * h + j] = d_c[at] * i * (1 - g * g);
      d[3 * h + j] = d_h[at] * tanh_c[at] * o * (1 - o);
      if (d_c_previous != nullptr) put(d_c_previous[at], c_fresh, d_c[at] * f);
    }
  }
}

void output_gate(const double* kept, const double* x, double* tanh_c, double* h_out, std::int64_t rows,
                 std::int64_t h) {
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t j = 0; j < h; ++j) {
      const std::int64_t at = row * h + j;
      tanh_c[at] = std::tanh(x[at]);
      h_out[at] = kept[(row * 4 + 3) * h + j] * tanh_c[at];
    }
  }
}

void output_gate_backward(const double* kept, const double* tanh_c, const double* d_h, double* d_x, std::int64_t rows,
                          std::int64_t h) {
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t j = 0; j < h; ++j) {
      const std::int64_t at = row * h + j;
      d_x[at] = d_h[at] * kept[(row * 4 + 3) * h + j] * (1 - tanh_c[at] * tanh_c[at]);
    }
  }
}

void gaussian_latent(const double* mu_log_sigma, const double* noise, double* sigma, double* z, double* kl,
                     std::int64_t rows, std::int64_t latent) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const double* const mu = mu_log_sigma + row * 2 * latent;
    double sum = 0;
    for (std::int64_t j = 0; j < latent; ++j) {
      const double log_sigma = mu[latent + j];
      const double s = sigma[row * latent + j] = std::exp(log_sigma);
      z[row * latent + j] = mu[j] + s * noise[row * latent + j];
      sum += 0.5 * (mu[j] * mu[j] + s * s) - log_sigma - 0.5;
    }
    kl[row] = sum;
  }
}

void gaussian_latent_backward(const double* mu_log_sigma, const double* noise, const double* sigma, const double* d_z,
                              const double* d_kl, double* d_mu_log_sigma, bool fresh, std::int64_t rows,
                              std::int64_t latent) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const double* const mu = mu_log_sigma + row * 2 * latent;
    double* const d = d_mu_log_sigma + row * 2 * latent;
    for (std::int64_t j = 0; j < latent; ++j) {
      const double s = sigma[row * latent + j];
      const double dz = d_z[row * latent + j];
      put(d[j], fresh, dz + d_kl[row] * mu[j]);
      put(d[latent + j], fresh, dz * s * noise[row * latent + j] + d_kl[row] * (s * s - 1));
    }
  }
}

void bernoulli_nll(const double* x, const double* c, double* y, std::int64_t rows, std::int64_t n) {
  for (std::int64_t row = 0; row < rows; ++row) {
    double sum = 0;
    for (std::int64_t i = row * n; i < (row + 1) * n; ++i) {
      sum += std::max(c[i], 0.0) - c[i] * x[i] + std::log1p(std::exp(-std::abs(c[i])));
    }
    y[row] = sum;
  }
}

void bernoulli_nll_backward(const double* x, const double* c, const double* d_y, double* d_c, bool fresh,
                            std::int64_t rows, std::int64_t n) {
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t i = row * n; i < (row + 1) * n; ++i) put(d_c[i], fresh, d_y[row] * (sigmoid_of(c[i]) - x[i]));
  }
}

void softmax(const double* x, double* y, std::int64_t rows, std::int64_t n) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const double* const from = x + row * n;
    double* const to = y + row * n;
    const double largest = *std::max_element(from, from + n);
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += to[i] = std::exp(from[i] - largest);
    for (std::int64_t i = 0; i < n; ++i) to[i] /= sum;
  }
}

void add_column_sums(const double* x, double* sums, std::int64_t rows, std::int64_t n) {
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t i = 0; i < n; ++i) sums[i] += x[row * n + i];
  }
}

}  // namespace drawlab::kernels
