#pragma once

#include "drawlab/parameters.hpp"
#include "drawlab/tape.hpp"

#include "kernels/elementwise.hpp"
#include "kernels/products.hpp"
#include "ops/common_shapes.hpp"
#include "tape_impl.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <type_traits>

/// What operations that begin with a linear layer share: gathering its inputs, its three products, its gradients.
namespace drawlab {

/// One use of a linear layer, checked.
struct LayerCall {
  static constexpr std::size_t kMaxInputs = 6;

  /// Throws ShapeError in the name of `operation`.
  LayerCall(const char* operation, std::span<const Value> values, const Parameter& weights, const Parameter& biases);

  std::array<Value, kMaxInputs> inputs;
  std::size_t input_count;
  Parameter weight;
  Parameter bias;
  std::int64_t rows;
  std::int64_t in;
  std::int64_t out;
};

/// The rows of one call: what the products multiply. S is the tape's number type, or Bf16 where the products are in it.
template <class S>
struct LayerRows {
  const S* x = nullptr;  // [rows,in]
  // Where the tape records: room for the gradient of the outputs, [rows,out], beside that of the layer's other calls.
  // Once the way back has filled it everywhere, the gradient of the weights is made of all rows at once.
  S* d_y = nullptr;
};

/// Room for the rows of one more call of a layer.
template <class S>
LayerRows<S> collect(Tape& tape, const LayerCall& call) {
  // A few of what the weight gradient takes at once; in bf16 one of its products, enough for full speed.
  constexpr std::int64_t kChunkRows = std::is_same_v<S, kernels::Bf16> ? 512 : 256;
  kernels::RowChunk*& chunk = tape.impl().chunks[call.weight.index()];
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
inline void convert(const float* from, kernels::Bf16* to, std::int64_t n) { kernels::to_bf16(from, to, n); }

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
  const PartScope part(tape, Part::products);
  if constexpr (std::is_same_v<T, float>) {
    tape.impl().products.forward(x, call.rows, call.weight, tape.store().values().data() + call.bias.offset(),
                                 tape.impl().packed, y);
  } else {
    const double* const values = tape.store().doubles().data();
    kernels::forward(x, call.rows, values + call.weight.offset(), call.out, call.in, values + call.bias.offset(), y);
  }
}

/// d_x [rows,in] (+)= d_y·weight
template <class T, class S>
void multiply_back(Tape& tape, const LayerCall& call, const S* d_y, T* d_x, bool fresh) {
  const PartScope part(tape, Part::products);
  if constexpr (std::is_same_v<T, float>) {
    tape.impl().products.backward_data(d_y, call.rows, call.weight, tape.impl().packed, d_x, fresh);
  } else {
    kernels::backward_data(d_y, call.rows, tape.store().doubles().data() + call.weight.offset(), call.out, call.in, d_x,
                           fresh);
  }
}

/// The gradient of all inputs: each gets its columns of d_y·weight.
template <class T, class S>
void input_gradients(Tape& tape, const LayerCall& call, const S* d_y) {
  const auto needs = [](const Value& value) { return value.node()->needs_gradient; };
  const std::span inputs(call.inputs.data(), call.input_count);
  if (std::ranges::none_of(inputs, needs)) return;
  if (call.input_count == 1) {
    const auto [d_x, fresh] = tape.gradient_or_fresh<T>(inputs[0]);
    multiply_back<T>(tape, call, d_y, d_x, fresh);
    return;
  }
  T* const d_row = static_cast<T*>(tape.scratch(static_cast<std::size_t>(call.rows * call.in) * sizeof(T)));
  multiply_back<T>(tape, call, d_y, d_row, true);
  std::int64_t column = 0;
  for (const Value& input : inputs) {
    const std::int64_t n = input.shape().row_size();
    if (needs(input)) {
      const auto [d_x, fresh] = tape.gradient_or_fresh<T>(input);
      for (std::int64_t b = 0; b < call.rows; ++b) {
        kernels::pass_on(d_row + b * call.in + column, d_x + b * n, n, fresh);
      }
    }
    column += n;
  }
}

/// The way back of one call, whose d_y has been written to `rows`: the gradients of the inputs and of the biases, where
/// some gradient arrived. `d_y`: the same in the tape's numbers.
template <class T, class S>
void layer_backward(Tape& tape, const LayerCall& call, const LayerRows<S>& rows, const T* d_y, bool arrived) {
  if (!arrived) return;
  kernels::add_column_sums(d_y, tape.parameter_gradients<T>() + call.bias.offset(), call.rows, call.out);
  input_gradients<T>(tape, call, static_cast<const S*>(rows.d_y));
}

/// Calls f<T, S>() with the tape's number type and what its products multiply.
template <class F>
void visit_layer(Tape& tape, F f) {
  tape.visit([&]<class T>(T) {
    if constexpr (std::is_same_v<T, float>) {
      if (tape.impl().multiplies_bf16()) return f.template operator()<T, kernels::Bf16>();
    }
    f.template operator()<T, T>();
  });
}

}  // namespace drawlab
