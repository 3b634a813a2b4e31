#include "drawlab/ops.hpp"

#include "ops/layer_call.hpp"

#include <string>

namespace drawlab {

LayerCall::LayerCall(const char* operation, std::span<const Value> values, const Parameter& weights,
                     const Parameter& biases)
    : input_count(values.size()), weight(weights), bias(biases), in(0) {
  if (values.empty() || values.size() > kMaxInputs) {
    throw ShapeError(std::string(operation) + ": 1 to 6 inputs are needed");
  }
  rows = values[0].shape().rows();
  for (std::size_t i = 0; i < values.size(); ++i) {
    inputs[i] = values[i];
    if (values[i].shape().rank() == 0 || values[i].shape().rows() != rows) {
      refuse_shapes(operation, {values[0], values[i]}, "all inputs must have the same batch");
    }
    in += values[i].shape().row_size();
  }
  if (weight.shape().rank() != 2 || weight.shape()[1] != in || !(bias.shape() == Shape{weight.shape()[0]})) {
    throw ShapeError(std::string(operation) + ": inputs of " + std::to_string(in) + " numbers a sample, weight " +
                     weight.shape().text() + " (" + weight.name() + ") and bias " + bias.shape().text() +
                     " do not fit");
  }
  if (!weight.store().is_weight(weight.index())) {
    throw ShapeError(std::string(operation) + ": " + weight.name() +
                     " was added without `weight`, which what linear() multiplies with needs");
  }
  out = weight.shape()[0];
}

Value linear(std::span<const Value> inputs, const Parameter& weight, const Parameter& bias) {
  const LayerCall call("linear", inputs, weight, bias);
  Tape& tape = inputs[0].tape();
  const PartScope part(tape, Part::copies);
  const Value y = tape.make({call.rows, call.out}, true);
  visit_layer(tape, [&]<class T, class S>() {
    const LayerRows<S> rows = gather<T, S>(tape, call);
    if constexpr (std::is_same_v<T, S>) y.node()->gradient = rows.d_y;  // so that it arrives where it is needed
    multiply(tape, call, rows.x, Tape::data<T>(y));
    if (!tape.recording()) return;
    Tape* const t = &tape;
    t->record([t, call, y, rows] {
      const bool arrived = Tape::has_gradient(y);
      const T* const d_y = t->gradient<T>(y);  // zeros where none arrived: the collected rows count either way
      if constexpr (!std::is_same_v<T, S>) convert(d_y, rows.d_y, y.shape().count());
      layer_backward<T>(*t, call, rows, d_y, arrived);
      if constexpr (!std::is_same_v<T, S>) t->release_gradient(y);
    });
  });
  return y;
}

Value linear(Value x, const Parameter& weight, const Parameter& bias) { return linear(std::span(&x, 1), weight, bias); }

}  // namespace drawlab
