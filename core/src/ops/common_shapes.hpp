#pragma once

#include "drawlab/error.hpp"
#include "drawlab/tape.hpp"

#include <initializer_list>
#include <string>

namespace drawlab {

/// Throws ShapeError: `add: shapes [2, 3] and [2, 4] do not fit: they must be equal`.
[[noreturn]] inline void refuse_shapes(const char* operation, std::initializer_list<Value> values, const char* need) {
  std::string text = std::string(operation) + ": ";
  text += values.size() == 1 ? "shape " : "shapes ";
  std::size_t i = 0;
  for (const Value& value : values) {
    if (i > 0) text += i + 1 == values.size() ? " and " : ", ";
    text += value.shape().text();
    ++i;
  }
  throw ShapeError(text + (values.size() == 1 ? " does" : " do") + " not fit: " + need);
}

inline void need_equal(const char* operation, Value a, Value b) {
  if (!(a.shape() == b.shape())) refuse_shapes(operation, {a, b}, "they must be equal");
}

inline void need_column(const char* operation, Value x, Value column) {
  if (x.shape().rank() == 0 || !(column.shape() == Shape{x.shape().rows(), 1})) {
    refuse_shapes(operation, {x, column}, "the second must be [B,1] with the first's B");
  }
}

/// Records `step(d_y)` unless nobody needs it; it runs only where a gradient of y arrived.
template <class T, class Step>
void record_backward(Value y, Step step) {
  Tape& tape = y.tape();
  if (!y.node()->needs_gradient || !tape.recording()) return;
  Tape* const t = &tape;
  tape.record([t, y, step] {
    if (!Tape::has_gradient(y)) return;
    step(static_cast<const T*>(t->gradient<T>(y)));
    t->release_gradient(y);
  });
}

/// Adds (or, first, writes) f(i) to the gradient of x at every i, where x needs one.
template <class T, class F>
void pass_gradient(Value x, F f) {
  if (!x.node()->needs_gradient) return;
  const auto [d_x, fresh] = x.tape().gradient_or_fresh<T>(x);
  const std::int64_t n = x.shape().count();
  if (fresh) {
    for (std::int64_t i = 0; i < n; ++i) d_x[i] = f(i);
  } else {
    for (std::int64_t i = 0; i < n; ++i) d_x[i] += f(i);
  }
}

}  // namespace drawlab
