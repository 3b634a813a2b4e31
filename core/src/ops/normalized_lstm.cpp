#include "ops/normalized_lstm.hpp"

#include "kernels/layer_norm.hpp"
#include "kernels/lstm.hpp"
#include "ops/layer_call.hpp"

#include <algorithm>
#include <string>
#include <type_traits>

namespace drawlab {

namespace {

/// The parameters of a layer norm with the kernel that uses them.
template <class T>
struct Norm {
  Parameter gain;
  Parameter shift;

  explicit Norm(const LayerNorm& norm) : gain(norm.gain()), shift(norm.shift()) {}
  /// y receives gain·x_hat + shift, with x_hat in the place of x.
  void forward(const kernels::NormArrays<T>& arrays, Into<T> y, const kernels::MatrixSize& size) const {
    kernels::layer_norm(arrays.x_hat, numbers_of<T>(gain), numbers_of<T>(shift), y, arrays, size);
  }
  void backward(Tape& tape, const kernels::NormArrays<T>& arrays, const T* d_y, Into<T> d_x,
                const kernels::MatrixSize& size) const {
    T* const gradients = tape.parameter_gradients<T>();
    kernels::layer_norm_backward(arrays, numbers_of<T>(gain), d_y,
                                 {d_x, gradients + gain.offset(), gradients + shift.offset()}, size);
  }
};

/// A linear layer and its norm.
template <class T, class S>
class NormalizedLayer {
 public:
  /// y [rows,out] receives norm(layer).
  NormalizedLayer(Tape& tape, const LayerCall& call, const LayerNorm& norm, Into<T> y)
      : call_(call), size_{call.rows, call.out}, norm_(norm), rows_(gather<T, S>(tape, call)) {
    // Normalised in place, and backward replaces x_hat by the gradient: in the rows that the weight gradient's product
    // reads, if those hold the same type.
    if constexpr (std::is_same_v<T, S>) arrays_.x_hat = rows_.d_y;
    if (arrays_.x_hat == nullptr) arrays_.x_hat = tape.allocate<T>(size_.count());
    arrays_.inverse = tape.allocate<T>(call.rows);
    multiply(tape, call, rows_.x, arrays_.x_hat);
    norm_.forward(arrays_, y, size_);
  }
  void backward(Tape& tape, const T* d_y) const {
    norm_.backward(tape, arrays_, d_y, {arrays_.x_hat, true}, size_);
    const WorkScope work(tape.engine(), Part::copies);
    if constexpr (!std::is_same_v<T, S>) convert(arrays_.x_hat, rows_.d_y, size_.count());
    layer_backward<T, S>(tape, call_, rows_, arrays_.x_hat);
  }
  /// In place of backward() if no gradient arrived.
  void no_backward() const { std::fill_n(rows_.d_y, size_.count(), S{}); }

 private:
  LayerCall call_;
  kernels::MatrixSize size_;
  Norm<T> norm_;
  LayerRows<S> rows_;
  kernels::NormArrays<T> arrays_{nullptr, nullptr};
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
  const kernels::MatrixSize size{from_input.rows, c_previous.shape()[1]};
  const Value h_out = tape.make(c_previous.shape(), true);
  const Value c_out = tape.make(c_previous.shape(), true);
  visit_layer(tape, [&]<class T, class S>() {
    T* const gates = tape.allocate<T>(4 * size.count());
    const NormalizedLayer<T, S> input(tape, from_input, layers.input_norm, {gates, true});
    const NormalizedLayer<T, S> recurrent(tape, from_state, layers.recurrent_norm, {gates, false});
    const Norm<T> cell_norm(layers.cell_norm);
    const kernels::NormArrays<T> norm{tape.allocate<T>(size.count()), tape.allocate<T>(size.rows)};
    const kernels::LstmArrays<T> arrays{Tape::data<T>(c_previous), gates, tape.allocate<T>(size.count())};
    kernels::lstm_cell(gates, arrays, Tape::data<T>(c_out), size);
    std::copy_n(Tape::data<T>(c_out), size.count(), norm.x_hat);
    cell_norm.forward(norm, {arrays.tanh_c, true}, size);
    kernels::output_gate(arrays.tanh_c, arrays, Tape::data<T>(h_out), size);
    record_backward<T>(
        {h_out, c_out},
        [=](const T* d_h, const T*) {
          Tape& t = h_out.tape();
          T* const d_c = t.gradient<T>(c_out);
          T* const d_normed = static_cast<T*>(t.scratch(static_cast<std::size_t>(size.count()) * sizeof(T)));
          kernels::output_gate_backward(arrays, d_h, d_normed, size);
          cell_norm.backward(t, norm, d_normed, {d_c, false}, size);
          kernels::lstm_cell_backward(arrays, d_h, d_c, gates, t.into<T>(c_previous), size);
          t.release_gradient(h_out);  // here, so that an input's gradient can use it while it is in the cache
          t.release_gradient(c_out);
          recurrent.backward(t, gates);
          input.backward(t, gates);
        },
        [=] {
          recurrent.no_backward();
          input.no_backward();
        });
  });
  return {h_out, c_out};
}

}  // namespace drawlab
