#include "kernels/lstm.hpp"

#include "drawlab/ops.hpp"

#include "ops/layer_call.hpp"

#include <algorithm>
#include <string>

namespace drawlab {

std::pair<Value, Value> lstm(Value gates, Value c_previous) {
  const Shape& state = c_previous.shape();
  if (state.rank() != 2 || !(gates.shape() == Shape{state[0], 4 * state[1]})) {
    refuse_shapes("lstm", {gates, c_previous}, "[B,4h] and [B,h] are needed");
  }
  Tape& tape = gates.tape();
  const PartScope part(tape, Part::gates);
  const kernels::MatrixSize size{state[0], state[1]};
  const bool needs_gradient = any_needs_gradient({gates, c_previous});
  const Value h_out = tape.make(state, needs_gradient);
  const Value c_out = tape.make(state, needs_gradient);
  tape.visit([&]<class T>(T) {
    const kernels::LstmArrays<T> arrays{Tape::data<T>(c_previous), tape.allocate<T>(4 * size.count()),
                                        tape.allocate<T>(size.count())};
    kernels::lstm(Tape::data<T>(gates), arrays, Tape::data<T>(h_out), Tape::data<T>(c_out), size);
    record_backward<T>({h_out, c_out}, [=](const T* d_h, const T* d_c) {
      Tape& t = h_out.tape();
      const Into<T> d_gates = t.into<T>(gates);
      kernels::lstm_backward(arrays, d_h, d_c, d_gates, t.into<T>(c_previous), size);
    });
  });
  return {h_out, c_out};
}

std::pair<Value, Value> lstm(std::span<const Value> inputs, const Parameter& weight, const Parameter& bias,
                             Value c_previous) {
  const LayerCall call("lstm", inputs, weight, bias);
  const Shape& state = c_previous.shape();
  if (state.rank() != 2 || !(Shape{call.rows, call.out} == Shape{state[0], 4 * state[1]})) {
    throw ShapeError("lstm: a layer of " + std::to_string(call.out) + " outputs for " + std::to_string(call.rows) +
                     " samples and a state " + state.text() + " do not fit: [B,4h] and [B,h] are needed");
  }
  Tape& tape = c_previous.tape();
  const PartScope part(tape, Part::copies);
  const kernels::MatrixSize size{state[0], state[1]};
  const Value h_out = tape.make(state, true);
  const Value c_out = tape.make(state, true);
  visit_layer(tape, [&]<class T, class S>() {
    constexpr bool kConverts = !std::is_same_v<T, S>;
    const LayerRows<S> rows = gather<T, S>(tape, call);
    // The gates are squashed in place, and backward replaces them by their gradient: in the rows that the weight
    // gradient's product reads, if those hold the same type.
    T* gates = nullptr;
    if constexpr (!kConverts) gates = rows.d_y;
    if (gates == nullptr) gates = tape.allocate<T>(4 * size.count());
    const kernels::LstmArrays<T> arrays{Tape::data<T>(c_previous), gates, tape.allocate<T>(size.count())};
    multiply(tape, call, rows.x, gates);
    const PartScope gates_part(tape, Part::gates);
    kernels::lstm(gates, arrays, Tape::data<T>(h_out), Tape::data<T>(c_out), size);
    record_backward<T>(
        {h_out, c_out},
        [=](const T* d_h, const T* d_c) {
          Tape& t = h_out.tape();
          kernels::lstm_backward(arrays, d_h, d_c, {gates, true}, t.into<T>(c_previous), size);
          t.release_gradient(h_out);  // here, so that an input's gradient can use it while it is in the cache
          t.release_gradient(c_out);
          const WorkScope work(t.engine(), Part::copies);
          if constexpr (kConverts) convert(gates, rows.d_y, 4 * size.count());
          layer_backward<T>(t, call, rows, gates);
        },
        [=] { std::fill_n(rows.d_y, 4 * size.count(), S{}); });
  });
  return {h_out, c_out};
}

}  // namespace drawlab
