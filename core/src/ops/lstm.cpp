#include "drawlab/ops.hpp"

#include "ops/layer_call.hpp"

#include <cstring>

namespace drawlab {

std::pair<Value, Value> lstm(Value gates, Value c_previous) {
  const Shape& state = c_previous.shape();
  if (state.rank() != 2 || !(gates.shape() == Shape{state[0], 4 * state[1]})) {
    refuse_shapes("lstm", {gates, c_previous}, "[B,4h] and [B,h] are needed");
  }
  Tape& tape = gates.tape();
  const PartScope part(tape, Part::gates);
  const std::int64_t rows = state[0];
  const std::int64_t h = state[1];
  const bool needs_gradient = gates.node()->needs_gradient || c_previous.node()->needs_gradient;
  const Value h_out = tape.make(state, needs_gradient);
  const Value c_out = tape.make(state, needs_gradient);
  tape.visit([&]<class T>(T) {
    const T* const before = Tape::data<T>(c_previous);
    T* const kept = tape.allocate<T>(rows * 4 * h);
    T* const tanh_c = tape.allocate<T>(rows * h);
    kernels::lstm(Tape::data<T>(gates), before, kept, tanh_c, Tape::data<T>(h_out), Tape::data<T>(c_out), rows, h);
    if (!needs_gradient || !tape.recording()) return;
    Tape* const t = &tape;
    t->record([=] {
      if (!Tape::has_gradient(h_out) && !Tape::has_gradient(c_out)) return;
      const T* const d_h = t->gradient<T>(h_out);
      const T* const d_c = t->gradient<T>(c_out);
      std::pair<T*, bool> d_gates{nullptr, false};
      std::pair<T*, bool> d_before{nullptr, false};
      if (gates.node()->needs_gradient) d_gates = t->gradient_or_fresh<T>(gates);
      if (c_previous.node()->needs_gradient) d_before = t->gradient_or_fresh<T>(c_previous);
      kernels::lstm_backward(kept, before, tanh_c, d_h, d_c, d_gates.first, d_gates.second, d_before.first,
                             d_before.second, rows, h);
      t->release_gradient(h_out);
      t->release_gradient(c_out);
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
  const std::int64_t h = state[1];
  const Value h_out = tape.make(state, true);
  const Value c_out = tape.make(state, true);
  visit_layer(tape, [&]<class T, class S>() {
    constexpr bool kConverts = !std::is_same_v<T, S>;
    const LayerRows<S> rows = gather<T, S>(tape, call);
    // The gates are squashed in place, and on the way back they become their gradient in place: in the rows that the
    // weight gradient's product reads, where those hold the same numbers.
    T* kept = nullptr;
    if constexpr (!kConverts) kept = rows.d_y;
    if (kept == nullptr) kept = tape.allocate<T>(call.rows * call.out);
    T* const tanh_c = tape.allocate<T>(call.rows * h);
    multiply(tape, call, rows.x, kept);
    const T* const before = Tape::data<T>(c_previous);
    const PartScope gates(tape, Part::gates);
    kernels::lstm(kept, before, kept, tanh_c, Tape::data<T>(h_out), Tape::data<T>(c_out), call.rows, h);
    if (!tape.recording()) return;
    Tape* const t = &tape;
    t->record([=] {
      const bool arrived = Tape::has_gradient(h_out) || Tape::has_gradient(c_out);
      if (arrived) {
        std::pair<T*, bool> d_before{nullptr, false};
        if (c_previous.node()->needs_gradient) d_before = t->gradient_or_fresh<T>(c_previous);
        kernels::lstm_backward(kept, before, tanh_c, t->gradient<T>(h_out), t->gradient<T>(c_out), kept, true,
                               d_before.first, d_before.second, call.rows, h);
        t->release_gradient(h_out);
        t->release_gradient(c_out);
      } else {
        std::fill_n(kept, call.rows * call.out, T{0});
      }
      const PartScope copies(*t, Part::copies);
      if constexpr (kConverts) convert(kept, rows.d_y, call.rows * call.out);
      layer_backward<T>(*t, call, rows, static_cast<const T*>(kept), arrived);
    });
  });
  return {h_out, c_out};
}

}  // namespace drawlab
