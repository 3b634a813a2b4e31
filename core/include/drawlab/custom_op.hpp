#pragma once

#include "drawlab/tape.hpp"

#include <array>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <utility>

namespace drawlab {

/// The most inputs, and the most outputs, of one custom operation.
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

}  // namespace custom_op_detail

/// An operation of a plugin's own, for speed: forward and backward on raw numbers. `Op` is a structure of plain
/// numbers (it is copied into the tape) with
/// @code
///   // in[i]: the i-th input's numbers, out[i]: the i-th output's, to be written in full
///   template <class T> void forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const;
///   // d_out[i]: d loss / d out[i]; d_in[i]: to be added to, or empty where nobody needs it
///   template <class T> void backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>> out,
///                                    std::span<const std::span<const T>> d_out,
///                                    std::span<const std::span<T>> d_in) const;
/// @endcode
/// T is float or double. What backward needs beside the inputs is best made an output. Returns the outputs, in order;
/// at most kCustomArrays inputs and outputs. An operation should come with its form composed of drawlab/ops.hpp, and a
/// test that both agree.
template <class Op, std::size_t Outputs>
std::array<Value, Outputs> custom_op(Tape& tape, const Op& op, std::initializer_list<Value> inputs,
                                     const std::array<Shape, Outputs>& shapes) {
  static_assert(std::is_trivially_copyable_v<Op> && std::is_trivially_destructible_v<Op>);
  static_assert(Outputs >= 1 && Outputs <= kCustomArrays);
  if (inputs.size() > kCustomArrays) throw ShapeError("custom_op: more than 8 inputs");
  struct Arrays {
    std::array<Value, kCustomArrays> in;
    std::array<Value, Outputs> out;
    std::size_t in_count;
  };
  Arrays arrays{};
  arrays.in_count = inputs.size();
  bool needs_gradient = false;
  std::size_t i = 0;
  for (const Value& input : inputs) {
    arrays.in[i++] = input;
    needs_gradient = needs_gradient || input.node()->needs_gradient;
  }
  for (std::size_t o = 0; o < Outputs; ++o) arrays.out[o] = tape.make(shapes[o], needs_gradient);

  tape.visit([&]<class T>(T) {
    const auto in = custom_op_detail::spans_of<const T>(arrays.in.data(), arrays.in_count);
    const auto out = custom_op_detail::spans_of<T>(arrays.out.data(), Outputs);
    op.template forward<T>(std::span(in.data(), arrays.in_count), std::span(out.data(), Outputs));

    if (needs_gradient && tape.recording()) {
      Tape* const t = &tape;
      tape.record([t, op, arrays] {
        bool arrived = false;
        for (const Value& value : arrays.out) arrived = arrived || Tape::has_gradient(value);
        if (!arrived) return;
        const auto values = custom_op_detail::spans_of<const T>(arrays.in.data(), arrays.in_count);
        const auto results = custom_op_detail::spans_of<const T>(arrays.out.data(), Outputs);
        std::array<std::span<const T>, kCustomArrays> d_out;
        std::array<std::span<T>, kCustomArrays> d_in;
        for (std::size_t k = 0; k < arrays.in_count; ++k) {
          if (arrays.in[k].node()->needs_gradient) d_in[k] = {t->gradient<T>(arrays.in[k]), values[k].size()};
        }
        for (std::size_t o = 0; o < Outputs; ++o)
          d_out[o] = {t->gradient_or_zeros<T>(arrays.out[o]), results[o].size()};
        op.template backward<T>(std::span<const std::span<const T>>(values.data(), arrays.in_count),
                                std::span<const std::span<const T>>(results.data(), Outputs),
                                std::span<const std::span<const T>>(d_out.data(), Outputs),
                                std::span<const std::span<T>>(d_in.data(), arrays.in_count));
        for (const Value& value : arrays.out) t->release_gradient(value);
      });
    }
  });
  return arrays.out;
}

}  // namespace drawlab
