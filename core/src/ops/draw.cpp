#include "drawlab/ops.hpp"

#include "engine.hpp"
#include "kernels/elementwise.hpp"
#include "ops/shapes.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab {

std::pair<Value, Value> gaussian_latent(Value mu_log_sigma, Value noise) {
  const Shape& shape = noise.shape();
  if (shape.rank() != 2 || !(mu_log_sigma.shape() == Shape{shape[0], 2 * shape[1]})) {
    refuse_shapes("gaussian_latent", {mu_log_sigma, noise}, "[B,2D] and [B,D] are needed");
  }
  Tape& tape = noise.tape();
  const PartScope part(tape, Part::latent);
  const kernels::MatrixSize size{shape[0], shape[1]};
  const bool needs_gradient = mu_log_sigma.node()->needs_gradient;
  const Value z = tape.make(shape, needs_gradient);
  const Value kl = tape.make({size.rows, 1}, needs_gradient);
  tape.visit([&]<class T>(T) {
    const kernels::LatentArrays<T> arrays{Tape::data<T>(mu_log_sigma), Tape::data<T>(noise),
                                          tape.allocate<T>(size.count())};
    kernels::gaussian_latent(arrays, Tape::data<T>(z), Tape::data<T>(kl), size);
    record_backward<T>({z, kl}, [=](const T* d_z, const T* d_kl) {
      kernels::gaussian_latent_backward(arrays, d_z, d_kl, z.tape().template into<T>(mu_log_sigma), size);
    });
  });
  return {z, kl};
}

Value error_image(Value x, Value c) {
  need_equal("error_image", x, c);
  const PartScope part(x.tape(), Part::canvas);
  const Value y = x.tape().make(x.shape(), any_needs_gradient({x, c}));
  x.tape().visit([&]<class T>(T) {
    const T* const in = Tape::data<T>(x);
    T* const out = Tape::data<T>(y);
    const std::int64_t n = x.shape().count();
    kernels::error_image(in, Tape::data<T>(c), out, n);
    record_backward<T>({y}, [=](const T* d_y) {
      Tape& tape = y.tape();
      if (const Into<T> d_x = tape.into<T>(x)) kernels::pass_on(d_y, d_x, n);
      if (const Into<T> d_c = tape.into<T>(c)) kernels::error_image_backward(in, out, d_y, d_c, n);
    });
  });
  return y;
}

Value bernoulli_nll(Value x, Value logits) {
  need_equal("bernoulli_nll", x, logits);
  if (x.shape().rank() == 0) refuse_shapes("bernoulli_nll", {x}, "it must have a batch");
  Tape& tape = logits.tape();
  const PartScope part(tape, Part::canvas);
  const kernels::MatrixSize size{x.shape().rows(), x.shape().row_size()};
  const Value y = tape.make({size.rows, 1}, logits.node()->needs_gradient);
  tape.visit([&]<class T>(T) {
    const T* const target = Tape::data<T>(x);
    const T* const c = Tape::data<T>(logits);
    kernels::bernoulli_nll(target, c, Tape::data<T>(y), size);
    record_backward<T>({y}, [=](const T* d_y) {
      kernels::bernoulli_nll_backward(target, c, d_y, logits.tape().template into<T>(logits), size);
    });
  });
  return y;
}

Value softmax_nll(Value logits, std::span<const std::int32_t> labels) {
  const Shape& shape = logits.shape();
  if (shape.rank() != 2 || shape[0] != static_cast<std::int64_t>(labels.size())) {
    throw ShapeError("softmax_nll: shape " + shape.text() + " and " + std::to_string(labels.size()) +
                     " labels do not fit: [B,K] and B labels are needed");
  }
  const std::int64_t rows = shape[0];
  const std::int64_t classes = shape[1];
  for (const std::int32_t label : labels) {
    if (label < -1 || label >= classes) {
      throw ShapeError("softmax_nll: label " + std::to_string(label) + " is outside 0…" + std::to_string(classes - 1));
    }
  }
  Tape& tape = logits.tape();
  const Value y = tape.make({rows, 1}, logits.node()->needs_gradient);
  tape.visit([&]<class T>(T) {
    const T* const in = Tape::data<T>(logits);
    T* const probabilities = tape.allocate<T>(rows * classes);
    auto* const kept = tape.allocate<std::int32_t>(rows);
    std::ranges::copy(labels, kept);
    kernels::softmax(in, probabilities, {rows, classes});
    for (std::int64_t b = 0; b < rows; ++b) {
      const T* const row = in + b * classes;
      const T largest = *std::max_element(row, row + classes);
      T sum = 0;
      for (std::int64_t k = 0; k < classes; ++k) sum += std::exp(row[k] - largest);
      Tape::data<T>(y)[b] = kept[b] < 0 ? T(0) : largest + std::log(sum) - row[kept[b]];
    }
    record_backward<T>({y}, [=](const T* d_y) {
      pass_gradient<T>(logits, [=](std::int64_t i) {
        const std::int64_t b = i / classes;
        if (kept[b] < 0) return T(0);
        return d_y[b] * (probabilities[i] - (i % classes == kept[b] ? T(1) : T(0)));
      });
    });
  });
  return y;
}

}  // namespace drawlab
