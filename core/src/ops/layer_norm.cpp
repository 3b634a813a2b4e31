#include "ops/layer_norm.hpp"

#include "kernels/layer_norm.hpp"
#include "ops/common_shapes.hpp"

namespace drawlab {

Value layer_norm(Value x, Value gain, Value shift) {
  const Shape& shape = x.shape();
  if (shape.rank() != 2 || !(gain.shape() == Shape{shape[1]}) || !(shift.shape() == Shape{shape[1]})) {
    refuse_shapes("layer_norm", {x, gain, shift}, "[B,n], [n] and [n] are needed");
  }
  Tape& tape = x.tape();
  const std::int64_t rows = shape[0];
  const std::int64_t n = shape[1];
  const auto needs = [](const Value& value) { return value.node()->needs_gradient; };
  const Value y = tape.make(shape, needs(x) || needs(gain) || needs(shift));
  tape.visit([&]<class T>(T) {
    const T* const g = Tape::data<T>(gain);
    T* const x_hat = tape.allocate<T>(rows * n);
    T* const inverse = tape.allocate<T>(rows);
    kernels::layer_norm(Tape::data<T>(x), g, Tape::data<T>(shift), Tape::data<T>(y), true, x_hat, inverse, rows, n);
    record_backward<T>(y, [=](const T* d_y) {
      Tape& t = y.tape();
      std::pair<T*, bool> d_x{nullptr, false};
      if (x.node()->needs_gradient) d_x = t.template gradient_or_fresh<T>(x);
      T* const d_gain = gain.node()->needs_gradient ? t.template gradient<T>(gain) : nullptr;
      T* const d_shift = shift.node()->needs_gradient ? t.template gradient<T>(shift) : nullptr;
      kernels::layer_norm_backward(x_hat, inverse, g, d_y, d_x.first, d_x.second, d_gain, d_shift, rows, n);
    });
  });
  return y;
}

LayerNorm::LayerNorm(const ParameterScope& scope, std::string_view name, std::int64_t n)
    : gain_(scope.inside(name).add("gain", {n}, Initial::constant(1))),
      shift_(scope.inside(name).add("shift", {n}, Initial::zero())) {}

Value LayerNorm::operator()(Value x) const {
  return layer_norm(x, x.tape().parameter(gain_), x.tape().parameter(shift_));
}

}  // namespace drawlab
