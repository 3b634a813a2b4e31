#pragma once

#include "drawlab/error.hpp"
#include "drawlab/tape.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>

/// What the operations share: errors of shapes, and gradients passed on number by number.
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

inline bool any_needs_gradient(std::initializer_list<Value> values) {
  return std::ranges::any_of(values, [](const Value& value) { return value.node()->needs_gradient; });
}

/// Passes f(i) to the gradient of x at every i, if x needs one.
template <class T, class F>
void pass_gradient(Value x, F f) {
  const Into<T> d_x = x.tape().into<T>(x);
  if (!d_x) return;
  const std::int64_t n = x.shape().count();
  if (d_x.fresh) {
    for (std::int64_t i = 0; i < n; ++i) d_x.to[i] = f(i);
  } else {
    for (std::int64_t i = 0; i < n; ++i) d_x.to[i] += f(i);
  }
}

}  // namespace drawlab
