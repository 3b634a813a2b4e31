#pragma once

#include "drawlab/tape.hpp"

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <type_traits>

namespace drawlab {

/// The largest number of inputs, and of outputs, of one custom operation.
inline constexpr std::size_t kCustomArrays = 8;

namespace custom_op_detail {

template <class T>
std::array<std::span<T>, kCustomArrays> spans_of(const Value* values, std::size_t count) {
  std::array<std::span<T>, kCustomArrays> spans;
  for (std::size_t i = 0; i < count; ++i) {
    spans[i] = {Tape::data<T>(values[i]), static_cast<std::size_t>(values[i].shape().count())};
  }
  return spans;
}

/// One call's operation, inputs and outputs; copied into the tape for the backward pass.
template <class Op, std::size_t Outputs>
struct Call {
  Op op;
  std::array<Value, kCustomArrays> in;
  std::array<Value, Outputs> out;
  std::size_t in_count;

  template <class T>
  void forward() const {
    const auto values = spans_of<const T>(in.data(), in_count);
    const auto results = spans_of<T>(out.data(), Outputs);
    op.template forward<T>(std::span(values.data(), in_count), std::span(results.data(), Outputs));
  }

  template <class T>
  void backward(const std::array<const T*, Outputs>& gradients) const {
    const auto values = spans_of<const T>(in.data(), in_count);
    const auto results = spans_of<const T>(out.data(), Outputs);
    std::array<std::span<const T>, kCustomArrays> d_out;
    std::array<std::span<T>, kCustomArrays> d_in;
    for (std::size_t i = 0; i < in_count; ++i) {
      if (in[i].node()->needs_gradient) d_in[i] = {in[i].tape().template gradient<T>(in[i]), values[i].size()};
    }
    for (std::size_t o = 0; o < Outputs; ++o) d_out[o] = {gradients[o], results[o].size()};
    op.template backward<T>(std::span<const std::span<const T>>(values.data(), in_count),
                            std::span<const std::span<const T>>(results.data(), Outputs),
                            std::span<const std::span<const T>>(d_out.data(), Outputs),
                            std::span<const std::span<T>>(d_in.data(), in_count));
  }
};

template <class Op, std::size_t Outputs>
std::array<Value, Outputs> run(const Op& op, std::span<const Value> inputs, const std::array<Shape, Outputs>& shapes) {
  static_assert(Outputs >= 1 && Outputs <= kCustomArrays, "a custom operation has 1 to 8 outputs");
  Tape& tape = inputs.front().tape();
  Call<Op, Outputs> call{op, {}, {}, inputs.size()};
  bool needs_gradient = false;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    call.in[i] = inputs[i];
    needs_gradient = needs_gradient || inputs[i].node()->needs_gradient;
  }
  for (std::size_t o = 0; o < Outputs; ++o) call.out[o] = tape.make(shapes[o], needs_gradient);
  tape.visit([&]<class T>(T) {
    call.template forward<T>();
    record_backward<T>(
        call.out, [call](auto... d_out) { call.template backward<T>({d_out...}); }, [] {});
  });
  return call.out;
}

inline void require_shape(const Shape& composed, const Shape& fused) {
  if (composed == fused) return;
  throw ShapeError("custom_op: the composed form gives the shape " + composed.text() + ", shapes() says " +
                   fused.text());
}

}  // namespace custom_op_detail

/// An operation of a plugin's own, for speed: forward and backward on raw numbers, beside the same function composed
/// of the operations in drawlab/ops.hpp. `Op` is a structure of plain numbers (it is copied into the tape) with
/// @code
///   std::array<Shape, Outputs> shapes() const;  // of the outputs
///   // in[i]: numbers of input i; out[i]: numbers of output i, to be written in full
///   template <class T> void forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const;
///   // d_out[i]: d loss / d out[i]; d_in[i]: to be added to (+=), or empty if nothing needs this gradient
///   template <class T> void backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>> out,
///                                    std::span<const std::span<const T>> d_out,
///                                    std::span<const std::span<T>> d_in) const;
/// @endcode
/// T is float or double. `composed(inputs)` takes a std::span<const Value> and returns a Value or a std::array of
/// Values: the results, which are the first outputs of Op in the same order. If backward needs an intermediate result,
/// return it as an extra output of Op behind them.
///
/// The tape computes Op; after Tape::set_composed(true) it computes the composed form. `drawlab plugins check` compares
/// the values and gradients of both. At most kCustomArrays inputs and outputs. Throws ShapeError.
template <class Op, class Composed>
auto custom_op(const Op& op, const Composed& composed, std::span<const Value> inputs) {
  static_assert(std::is_trivially_copyable_v<Op> && std::is_trivially_destructible_v<Op>,
                "a custom operation is a structure of plain numbers: the tape copies it and never destroys it");
  static_assert(
      requires { op.shapes().size(); },
      "a custom operation has `std::array<Shape, Outputs> shapes() const`, the shapes of its outputs");
  static_assert(std::is_invocable_v<const Composed&, std::span<const Value>>,
                "the composed form of a custom operation takes a std::span<const Value>, the inputs");
  if (inputs.empty() || inputs.size() > kCustomArrays) throw ShapeError("custom_op: need 1 to 8 inputs");
  const auto shapes = op.shapes();
  using Result = decltype(composed(inputs));
  const bool compose = inputs.front().tape().begin_custom_op();
  if constexpr (std::is_same_v<Result, Value>) {
    if (!compose) return custom_op_detail::run(op, inputs, shapes)[0];
    const Value result = composed(inputs);
    custom_op_detail::require_shape(result.shape(), shapes[0]);
    return result;
  } else {
    static_assert(std::tuple_size_v<Result> <= std::tuple_size_v<decltype(op.shapes())>,
                  "the composed form of a custom operation has no more results than the operation has outputs");
    Result results{};
    if (compose) {
      results = composed(inputs);
      for (std::size_t i = 0; i < results.size(); ++i) {
        custom_op_detail::require_shape(results[i].shape(), shapes[i]);
      }
    } else {
      const auto outputs = custom_op_detail::run(op, inputs, shapes);
      for (std::size_t i = 0; i < results.size(); ++i) results[i] = outputs[i];
    }
    return results;
  }
}

template <class Op, class Composed>
auto custom_op(const Op& op, const Composed& composed, std::initializer_list<Value> inputs) {
  return custom_op(op, composed, std::span<const Value>(inputs.begin(), inputs.size()));
}

}  // namespace drawlab
