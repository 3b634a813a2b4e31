#pragma once

#include "drawlab/parameters.hpp"
#include "drawlab/tape.hpp"

#include "engine.hpp"
#include "kernels/bf16.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/products.hpp"
#include "ops/shapes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

/// What the operations that begin with a linear layer share: the gathering of its inputs, its products, its gradients.
/// T is the tape's number type; S is what the products multiply: T, or Bf16 if the weights are packed so.
namespace drawlab {

/// One use of a linear layer.
struct LayerCall {
  static constexpr std::size_t kMaxInputs = 6;

  /// Throws ShapeError, with the name of `operation`, if inputs, weight and bias do not fit.
  LayerCall(const char* operation, std::span<const Value> values, const Parameter& weights, const Parameter& biases);

  std::array<Value, kMaxInputs> inputs;
  std::size_t input_count;
  Parameter weight;
  Parameter bias;
  std::int64_t rows;
  std::int64_t in;
  std::int64_t out;
};

/// The rows that all linear layers of a pass have collected. The gradient of each weight is one product over all rows
/// of its layer, made at the end of backward().
class CollectedRows {
 public:
  explicit CollectedRows(Tape& tape);
  /// The latest chunk of a layer's rows; null before its first call. Throws ShapeError for a weight that was added
  /// after the pass began.
  kernels::RowChunk*& latest(const Parameter& weight);
  /// Computes the gradients of the weights, shared with the helper threads if there are any.
  void finish() const;

 private:
  template <class S>
  void finish_blocks(float* gradients) const;

  Tape* tape_;
  std::span<kernels::RowChunk*> latest_;  // by parameter index
};

/// The rows of one call.
template <class S>
struct LayerRows {
  const S* x = nullptr;  // [rows,in]
  // If the tape records: memory for the gradient of the outputs, [rows,out], beside that of the layer's other calls.
  // The backward step must fill it, with zeros if no gradient arrived.
  S* d_y = nullptr;
};

/// Memory for the rows of one more call of a layer.
template <class S>
LayerRows<S> collect(Tape& tape, const LayerCall& call) {
  // A few times what the weight gradient takes at once; in bf16 one of its products, enough for full speed.
  constexpr std::int64_t kChunkRows = std::is_same_v<S, Bf16> ? 512 : 256;
  kernels::RowChunk*& chunk = tape.pass_state<CollectedRows>().latest(call.weight);
  if (chunk == nullptr || chunk->rows + call.rows > chunk->capacity) {
    const std::int64_t capacity = (kChunkRows + call.rows - 1) / call.rows * call.rows;
    chunk = new (tape.allocate(sizeof(kernels::RowChunk))) kernels::RowChunk{
        tape.allocate<S>(capacity * call.in), tape.allocate<S>(capacity * call.out), 0, capacity, chunk};
  }
  S* const x = static_cast<S*>(chunk->x) + chunk->rows * call.in;
  S* const d_y = static_cast<S*>(chunk->d_y) + chunk->rows * call.out;
  chunk->rows += call.rows;
  return {x, d_y};
}

inline void convert(const float* from, float* to, std::int64_t n) { std::copy_n(from, n, to); }
inline void convert(const double* from, double* to, std::int64_t n) { std::copy_n(from, n, to); }
inline void convert(const float* from, Bf16* to, std::int64_t n) { kernels::to_bf16(from, to, n); }

/// The inputs side by side.
template <class T, class S>
LayerRows<S> gather(Tape& tape, const LayerCall& call) {
  LayerRows<S> rows;
  if (tape.recording()) {
    rows = collect<S>(tape, call);
  } else if (call.input_count > 1 || !std::is_same_v<T, S>) {
    rows.x = static_cast<S*>(tape.scratch(static_cast<std::size_t>(call.rows * call.in) * sizeof(S)));
  } else if constexpr (std::is_same_v<T, S>) {
    rows.x = Tape::data<T>(call.inputs[0]);
    return rows;
  }
  S* const x = const_cast<S*>(rows.x);
  std::int64_t column = 0;
  for (std::size_t i = 0; i < call.input_count; ++i) {
    const std::int64_t n = call.inputs[i].shape().row_size();
    const T* const from = Tape::data<T>(call.inputs[i]);
    for (std::int64_t b = 0; b < call.rows; ++b) convert(from + b * n, x + b * call.in + column, n);
    column += n;
  }
  return rows;
}

/// y [rows,out] = x·weightᵀ + bias
template <class T, class S>
void multiply(Tape& tape, const LayerCall& call, const S* x, T* y) {
  Engine& engine = tape.engine();
  const WorkScope work(engine, Part::products);
  const T* const bias = numbers_of<T>(call.bias);
  if constexpr (std::is_same_v<T, float>) {
    engine.products.forward(x, call.rows, engine.weight(call.weight), bias, y);
  } else {
    kernels::forward(x, call.rows, {numbers_of<T>(call.weight), call.out, call.in}, bias, y);
  }
}

/// d_x [rows,in] receives d_y·weight.
template <class T, class S>
void multiply_back(Tape& tape, const LayerCall& call, const S* d_y, Into<T> d_x) {
  Engine& engine = tape.engine();
  const WorkScope work(engine, Part::products);
  if constexpr (std::is_same_v<T, float>) {
    engine.products.backward_data(d_y, call.rows, engine.weight(call.weight), d_x);
  } else {
    kernels::backward_data(d_y, call.rows, {numbers_of<T>(call.weight), call.out, call.in}, d_x);
  }
}

/// The gradients of all inputs: each gets its columns of d_y·weight.
template <class T, class S>
void input_gradients(Tape& tape, const LayerCall& call, const S* d_y) {
  const std::span inputs(call.inputs.data(), call.input_count);
  if (std::ranges::none_of(inputs, [](const Value& input) { return input.node()->needs_gradient; })) return;
  if (call.input_count == 1) return multiply_back<T>(tape, call, d_y, tape.into<T>(inputs[0]));
  T* const d_row = static_cast<T*>(tape.scratch(static_cast<std::size_t>(call.rows * call.in) * sizeof(T)));
  multiply_back<T>(tape, call, d_y, {d_row, true});
  std::int64_t column = 0;
  for (const Value& input : inputs) {
    const std::int64_t n = input.shape().row_size();
    if (const Into<T> d_x = tape.into<T>(input)) {
      for (std::int64_t b = 0; b < call.rows; ++b) {
        kernels::pass_on(d_row + b * call.in + column, d_x.from(b * n), n);
      }
    }
    column += n;
  }
}

/// Backward of one call: the gradients of the bias and of the inputs. `rows.d_y` is filled; `d_y` is the same in the
/// tape's numbers.
template <class T, class S>
void layer_backward(Tape& tape, const LayerCall& call, const LayerRows<S>& rows, const T* d_y) {
  kernels::add_column_sums(d_y, tape.parameter_gradients<T>() + call.bias.offset(), {call.rows, call.out});
  input_gradients<T>(tape, call, static_cast<const S*>(rows.d_y));
}

/// Calls f<T, S>() with the tape's number type and what its products multiply.
template <class F>
void visit_layer(Tape& tape, F f) {
  tape.visit([&]<class T>(T) {
    if constexpr (std::is_same_v<T, float>) {
      if (tape.engine().multiplies_bf16()) return f.template operator()<T, Bf16>();
    }
    f.template operator()<T, T>();
  });
}

}  // namespace drawlab
