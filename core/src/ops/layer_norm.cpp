#include "ops/layer_norm.hpp"

#include "kernels/layer_norm.hpp"
#include "ops/shapes.hpp"

namespace drawlab {

Value layer_norm(Value x, Value gain, Value shift) {
  const Shape& shape = x.shape();
  if (shape.rank() != 2 || !(gain.shape() == Shape{shape[1]}) || !(shift.shape() == Shape{shape[1]})) {
    refuse_shapes("layer_norm", {x, gain, shift}, "[B,n], [n] and [n] are needed");
  }
  Tape& tape = x.tape();
  const kernels::MatrixSize size{shape[0], shape[1]};
  const Value y = tape.make(shape, any_needs_gradient({x, gain, shift}));
  tape.visit([&]<class T>(T) {
    const T* const g = Tape::data<T>(gain);
    const kernels::NormArrays<T> arrays{tape.allocate<T>(size.count()), tape.allocate<T>(size.rows)};
    kernels::layer_norm(Tape::data<T>(x), g, Tape::data<T>(shift), {Tape::data<T>(y), true}, arrays, size);
    record_backward<T>({y}, [=](const T* d_y) {
      Tape& t = y.tape();
      T* const d_gain = gain.node()->needs_gradient ? t.gradient<T>(gain) : nullptr;
      T* const d_shift = shift.node()->needs_gradient ? t.gradient<T>(shift) : nullptr;
      kernels::layer_norm_backward(arrays, g, d_y, {t.into<T>(x), d_gain, d_shift}, size);
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
