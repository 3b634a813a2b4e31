#include "ops/normalized_lstm.hpp"

#include "kernels/layer_norm.hpp"
#include "ops/layer_call.hpp"

#include <algorithm>
#include <string>
#include <type_traits>

namespace drawlab {

namespace {

/// A layer norm's numbers, and where their gradients go.
template <class T>
struct Norm {
  Parameter gain;
  Parameter shift;

  explicit Norm(const LayerNorm& norm) : gain(norm.gain()), shift(norm.shift()) {}
  static const T* numbers(const Tape& tape, const Parameter& parameter) {
    if constexpr (std::is_same_v<T, float>) {
      return tape.store().values().data() + parameter.offset();
    } else {
      return tape.store().doubles().data() + parameter.offset();
    }
  }
  /// y (+)= gain·x_hat + shift, with x_hat in the place of x.
  void forward(const Tape& tape, T* x, T* inverse, T* y, bool fresh, std::int64_t rows, std::int64_t n) const {
    kernels::layer_norm(x, numbers(tape, gain), numbers(tape, shift), y, fresh, x, inverse, rows, n);
  }
  void backward(Tape& tape, const T* x_hat, const T* inverse, const T* d_y, T* d_x, bool fresh, std::int64_t rows,
                std::int64_t n) const {
    T* const gradients = tape.parameter_gradients<T>();
    kernels::layer_norm_backward(x_hat, inverse, numbers(tape, gain), d_y, d_x, fresh, gradients + gain.offset(),
                                 gradients + shift.offset(), rows, n);
  }
};

/// A linear layer and its norm.
template <class T, class S>
class NormalizedLayer {
 public:
  /// y [rows,out] (+)= norm(layer)
  NormalizedLayer(Tape& tape, const LayerCall& call, const LayerNorm& norm, T* y, bool fresh)
      : call_(call), norm_(norm), rows_(gather<T, S>(tape, call)) {
    // Normalised in place, and on the way back its gradient in place: in the rows that the weight gradient's product
    // reads, where those hold the same numbers.
    if constexpr (std::is_same_v<T, S>) x_hat_ = rows_.d_y;
    if (x_hat_ == nullptr) x_hat_ = tape.allocate<T>(call.rows * call.out);
    inverse_ = tape.allocate<T>(call.rows);
    multiply(tape, call, rows_.x, x_hat_);
    norm_.forward(tape, x_hat_, inverse_, y, fresh, call.rows, call.out);
  }
  /// `arrived`: d_y holds a gradient.
  void backward(Tape& tape, const T* d_y, bool arrived) const {
    if (arrived) {
      norm_.backward(tape, x_hat_, inverse_, d_y, x_hat_, true, call_.rows, call_.out);
    } else {
      std::fill_n(x_hat_, call_.rows * call_.out, T{0});
    }
    const PartScope copies(tape, Part::copies);
    if constexpr (!std::is_same_v<T, S>) convert(x_hat_, rows_.d_y, call_.rows * call_.out);
    layer_backward<T>(tape, call_, rows_, static_cast<const T*>(x_hat_), arrived);
  }

 private:
  LayerCall call_;
  Norm<T> norm_;
  LayerRows<S> rows_;
  T* x_hat_ = nullptr;
  T* inverse_ = nullptr;
};

void check_shapes(const LayerCall& input, const Value& h, const Value& c_previous) {
  const Shape& state = c_previous.shape();
  if (state.rank() == 2 && h.shape() == state && Shape{input.rows, input.out} == Shape{state[0], 4 * state[1]}) return;
  throw ShapeError("normalized_lstm: a layer of " + std::to_string(input.out) + " outputs for " +
                   std::to_string(input.rows) + " samples and states " + h.shape().text() + " and " + state.text() +
                   " do not fit: [B,4h], [B,h] and [B,h] are needed");
}

}  // namespace

NormalizedLstm::NormalizedLstm(const ParameterScope& scope, std::int64_t in, std::int64_t hidden, const Initial& start)
    : input(scope, "input", in, 4 * hidden, Initial::fan_in(hidden), Initial::fan_in(hidden)),
      recurrent(scope, "recurrent", hidden, 4 * hidden, start, Initial::fan_in(hidden), ParameterKind::lstm_weight),
      input_norm(scope, "input_norm", 4 * hidden),
      recurrent_norm(scope, "recurrent_norm", 4 * hidden),
      cell_norm(scope, "cell_norm", hidden) {}

std::pair<Value, Value> normalized_lstm(std::span<const Value> inputs, Value h, Value c_previous,
                                        const NormalizedLstm& layers) {
  const LayerCall from_input("normalized_lstm", inputs, layers.input.weight(), layers.input.bias());
  check_shapes(from_input, h, c_previous);
  const LayerCall from_state("normalized_lstm", std::span(&h, 1), layers.recurrent.weight(), layers.recurrent.bias());
  Tape& tape = c_previous.tape();
  const PartScope part(tape, Part::gates);
  const std::int64_t rows = from_input.rows;
  const std::int64_t units = c_previous.shape()[1];
  const Value h_out = tape.make(c_previous.shape(), true);
  const Value c_out = tape.make(c_previous.shape(), true);
  visit_layer(tape, [&]<class T, class S>() {
    T* const kept = tape.allocate<T>(rows * 4 * units);
    const NormalizedLayer<T, S> input(tape, from_input, layers.input_norm, kept, true);
    const NormalizedLayer<T, S> recurrent(tape, from_state, layers.recurrent_norm, kept, false);
    const T* const before = Tape::data<T>(c_previous);
    kernels::lstm_cell(kept, before, kept, Tape::data<T>(c_out), rows, units);
    const Norm<T> cell_norm(layers.cell_norm);
    T* const c_hat = tape.allocate<T>(rows * units);
    T* const inverse = tape.allocate<T>(rows);
    T* const tanh_c = tape.allocate<T>(rows * units);
    std::copy_n(Tape::data<T>(c_out), rows * units, c_hat);
    cell_norm.forward(tape, c_hat, inverse, tanh_c, true, rows, units);
    kernels::output_gate(kept, tanh_c, tanh_c, Tape::data<T>(h_out), rows, units);
    if (!tape.recording()) return;
    Tape* const t = &tape;
    t->record([=] {
      const bool arrived = Tape::has_gradient(h_out) || Tape::has_gradient(c_out);
      if (arrived) {
        const T* const d_h = t->gradient<T>(h_out);
        T* const d_c = t->gradient<T>(c_out);
        T* const d_normed = static_cast<T*>(t->scratch(static_cast<std::size_t>(rows * units) * sizeof(T)));
        kernels::output_gate_backward(kept, tanh_c, d_h, d_normed, rows, units);
        cell_norm.backward(*t, c_hat, inverse, d_normed, d_c, false, rows, units);
        std::pair<T*, bool> d_before{nullptr, false};
        if (c_previous.node()->needs_gradient) d_before = t->gradient_or_fresh<T>(c_previous);
        kernels::lstm_cell_backward(kept, before, tanh_c, d_h, d_c, kept, d_before.first, d_before.second, rows, units);
        t->release_gradient(h_out);
        t->release_gradient(c_out);
      }
      recurrent.backward(*t, kept, arrived);
      input.backward(*t, kept, arrived);
    });
  });
  return {h_out, c_out};
}

}  // namespace drawlab
