#include "drawlab/ops.hpp"

#include "ops/layer_call.hpp"

namespace drawlab {

Value linear(std::span<const Value> inputs, const Parameter& weight, const Parameter& bias) {
  const LayerCall call("linear", inputs, weight, bias);
  Tape& tape = inputs[0].tape();
  const PartScope part(tape, Part::copies);
  const Value y = tape.make({call.rows, call.out}, true);
  visit_layer(tape, [&]<class T, class S>() {
    constexpr bool kConverts = !std::is_same_v<T, S>;
    const LayerRows<S> rows = gather<T, S>(tape, call);
    if (!kConverts && tape.recording()) Tape::lend_gradient(y, rows.d_y);  // so that it arrives where it is needed
    multiply(tape, call, rows.x, Tape::data<T>(y));
    const std::int64_t n = y.shape().count();
    record_backward<T>(
        {y},
        [=](const T* d_y) {
          if constexpr (kConverts) convert(d_y, rows.d_y, n);
          layer_backward<T>(y.tape(), call, rows, d_y);
        },
        [=] { std::fill_n(rows.d_y, n, S{}); });
  });
  return y;
}

Value linear(Value x, const Parameter& weight, const Parameter& bias) { return linear(std::span(&x, 1), weight, bias); }

}  // namespace drawlab
