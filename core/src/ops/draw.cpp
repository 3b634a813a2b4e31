#include "drawlab/ops.hpp"

#include "kernels/elementwise.hpp"
#include "ops/common_shapes.hpp"

namespace drawlab {

std::pair<Value, Value> gaussian_latent(Value mu_log_sigma, Value noise) {
  const Shape& shape = noise.shape();
  if (shape.rank() != 2 || !(mu_log_sigma.shape() == Shape{shape[0], 2 * shape[1]})) {
    refuse_shapes("gaussian_latent", {mu_log_sigma, noise}, "[B,2D] and [B,D] are needed");
  }
  Tape& tape = noise.tape();
  const PartScope part(tape, Part::latent);
  const std::int64_t rows = shape[0];
  const std::int64_t latent = shape[1];
  const bool needs_gradient = mu_log_sigma.node()->needs_gradient;
  const Value z = tape.make(shape, needs_gradient);
  const Value kl = tape.make({rows, 1}, needs_gradient);
  tape.visit([&]<class T>(T) {
    const T* const in = Tape::data<T>(mu_log_sigma);
    const T* const epsilon = Tape::data<T>(noise);
    T* const sigma = tape.allocate<T>(rows * latent);
    kernels::gaussian_latent(in, epsilon, sigma, Tape::data<T>(z), Tape::data<T>(kl), rows, latent);
    if (!needs_gradient || !tape.recording()) return;
    Tape* const t = &tape;
    t->record([=] {
      if (!Tape::has_gradient(z) && !Tape::has_gradient(kl)) return;
      const T* const d_z = t->gradient<T>(z);
      const T* const d_kl = t->gradient<T>(kl);
      const auto [d, fresh] = t->gradient_or_fresh<T>(mu_log_sigma);
      kernels::gaussian_latent_backward(in, epsilon, sigma, d_z, d_kl, d, fresh, rows, latent);
      t->release_gradient(z);
      t->release_gradient(kl);
    });
  });
  return {z, kl};
}

Value bernoulli_nll(Value x, Value logits) {
  need_equal("bernoulli_nll", x, logits);
  if (x.shape().rank() == 0) refuse_shapes("bernoulli_nll", {x}, "it must have a batch");
  Tape& tape = logits.tape();
  const PartScope part(tape, Part::canvas);
  const std::int64_t rows = x.shape().rows();
  const std::int64_t n = x.shape().row_size();
  const Value y = tape.make({rows, 1}, logits.node()->needs_gradient);
  tape.visit([&]<class T>(T) {
    const T* const target = Tape::data<T>(x);
    const T* const c = Tape::data<T>(logits);
    kernels::bernoulli_nll(target, c, Tape::data<T>(y), rows, n);
    record_backward<T>(y, [=](const T* d_y) {
      const auto [d_c, fresh] = logits.tape().template gradient_or_fresh<T>(logits);
      kernels::bernoulli_nll_backward(target, c, d_y, d_c, fresh, rows, n);
    });
  });
  return y;
}

}  // namespace drawlab
