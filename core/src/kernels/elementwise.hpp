#pragma once

#include <cstdint>

/// The loops where a training step spends its time beside the products. The float overloads are vectorised for the
/// processor at hand when the program starts (elementwise.cpp, lstm.cpp, optimiser.cpp); the double ones are plain and
/// exist to check them (elementwise_f64.cpp). A gradient parameter `d_x` is written where `fresh`, else added to.
namespace drawlab::kernels {

// clang-format off
#define DRAWLAB_KERNELS(T)                                                                                            \
  /* y = σ(x) */                                                                                                      \
  void sigmoid(const T* x, T* y, std::int64_t n);                                                                     \
  /* y = exp(x) */                                                                                                    \
  void exp(const T* x, T* y, std::int64_t n);                                                                         \
  /* y = tanh(x) */                                                                                                   \
  void tanh(const T* x, T* y, std::int64_t n);                                                                        \
  /* y = a + b */                                                                                                     \
  void add(const T* a, const T* b, T* y, std::int64_t n);                                                             \
  /* y = x where fresh, else y += x */                                                                                \
  void pass_on(const T* x, T* y, std::int64_t n, bool fresh);                                                         \
  /* y = x − σ(c) */                                                                                                  \
  void error_image(const T* x, const T* c, T* y, std::int64_t n);                                                     \
  /* d_c of it: −d_y·s·(1 − s) with s = x − y */                                                                      \
  void error_image_backward(const T* x, const T* y, const T* d_y, T* d_c, std::int64_t n, bool fresh);                \
  /* gates [rows,4h], c_previous [rows,h] -> kept [rows,4h] (σ(i), σ(f), tanh(g), σ(o)), which may be gates itself, \
     tanh_c, h, c [rows,h] */                                                                                          \
  void lstm(const T* gates, const T* c_previous, T* kept, T* tanh_c, T* h_out, T* c_out, std::int64_t rows,           \
            std::int64_t h);                                                                                           \
  /* d_gates, which may be kept itself where fresh, and d_c_previous may be null (nobody needs it) */                  \
  void lstm_backward(const T* kept, const T* c_previous, const T* tanh_c, const T* d_h, const T* d_c, T* d_gates,     \
                     bool gates_fresh, T* d_c_previous, bool c_fresh, std::int64_t rows, std::int64_t h);             \
  /* The same as far as c: what h is made of comes between. */                                                        \
  void lstm_cell(const T* gates, const T* c_previous, T* kept, T* c_out, std::int64_t rows, std::int64_t h);          \
  /* d_c is all of c's gradient; tanh_c is what the output gate multiplies. d_gates may be kept itself. */             \
  void lstm_cell_backward(const T* kept, const T* c_previous, const T* tanh_c, const T* d_h, const T* d_c, T* d_gates,\
                          T* d_c_previous, bool c_fresh, std::int64_t rows, std::int64_t h);                          \
  /* x [rows,h] -> tanh_c = tanh(x), which may be x itself, and h = σ(o)·tanh_c */                                    \
  void output_gate(const T* kept, const T* x, T* tanh_c, T* h_out, std::int64_t rows, std::int64_t h);                \
  /* d_x = d_h·σ(o)·(1 − tanh_c²) */                                                                                  \
  void output_gate_backward(const T* kept, const T* tanh_c, const T* d_h, T* d_x, std::int64_t rows, std::int64_t h); \
  /* mu_log_sigma [rows,2D], noise [rows,D] -> sigma [rows,D], z [rows,D], kl [rows] */                               \
  void gaussian_latent(const T* mu_log_sigma, const T* noise, T* sigma, T* z, T* kl, std::int64_t rows,               \
                       std::int64_t latent);                                                                          \
  void gaussian_latent_backward(const T* mu_log_sigma, const T* noise, const T* sigma, const T* d_z, const T* d_kl,   \
                                T* d_mu_log_sigma, bool fresh, std::int64_t rows, std::int64_t latent);               \
  /* y[row] = Σ max(c,0) − c·x + log(1 + exp(−|c|)) */                                                                \
  void bernoulli_nll(const T* x, const T* c, T* y, std::int64_t rows, std::int64_t n);                                \
  /* d_c = d_y[row]·(σ(c) − x) */                                                                                     \
  void bernoulli_nll_backward(const T* x, const T* c, const T* d_y, T* d_c, bool fresh, std::int64_t rows,            \
                              std::int64_t n);                                                                        \
  /* each of `rows` rows of n: exp(x − max)/Σ */                                                                      \
  void softmax(const T* x, T* y, std::int64_t rows, std::int64_t n);                                                  \
  /* sums[n] += Σ_rows x[rows,n] */                                                                                   \
  void add_column_sums(const T* x, T* sums, std::int64_t rows, std::int64_t n);
// clang-format on

DRAWLAB_KERNELS(float)
DRAWLAB_KERNELS(double)
#undef DRAWLAB_KERNELS

/// Σ x², summed in f64 over blocks in order.
double sum_of_squares(const float* x, std::int64_t n);

/// One step of Adam (Kingma & Ba 2015, algorithm 1) on gradients times `scale`; rate holds the bias corrections.
struct AdamStep {
  float rate;  // learning rate·√(1 − beta2^t)/(1 − beta1^t)
  float beta1;
  float beta2;
  float rest1;    // 1 − beta1, taken before it is rounded
  float rest2;    // 1 − beta2, likewise
  float epsilon;  // times √(1 − beta2^t)
  float scale;    // of the gradient (clipping, mean over the batch)
};
void adam(const AdamStep& step, const float* gradient, float* first, float* second, float* values, std::int64_t n);

/// The instruction set that the float kernels were chosen for.
const char* instruction_set();

}  // namespace drawlab::kernels
