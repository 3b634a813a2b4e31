#include "drawlab/ops.hpp"

#include "ops/shapes.hpp"

#include <algorithm>

namespace drawlab {

Value add_column(Value x, Value column) {
  need_column("add_column", x, column);
  const Value y = x.tape().make(x.shape(), any_needs_gradient({x, column}));
  x.tape().visit([&]<class T>(T) {
    const T* const in = Tape::data<T>(x);
    const T* const shift = Tape::data<T>(column);
    T* const out = Tape::data<T>(y);
    const std::int64_t rows = x.shape().rows();
    const std::int64_t n = x.shape().row_size();
    for (std::int64_t b = 0; b < rows; ++b) {
      for (std::int64_t i = b * n; i < (b + 1) * n; ++i) out[i] = in[i] + shift[b];
    }
    record_backward<T>({y}, [=](const T* d_y) {
      pass_gradient<T>(x, [=](std::int64_t i) { return d_y[i]; });
      pass_gradient<T>(column, [=](std::int64_t b) {
        T sum = 0;
        for (std::int64_t i = b * n; i < (b + 1) * n; ++i) sum += d_y[i];
        return sum;
      });
    });
  });
  return y;
}

Value mul_column(Value x, Value column) {
  need_column("mul_column", x, column);
  const Value y = x.tape().make(x.shape(), any_needs_gradient({x, column}));
  x.tape().visit([&]<class T>(T) {
    const T* const in = Tape::data<T>(x);
    const T* const scale = Tape::data<T>(column);
    T* const out = Tape::data<T>(y);
    const std::int64_t rows = x.shape().rows();
    const std::int64_t n = x.shape().row_size();
    for (std::int64_t b = 0; b < rows; ++b) {
      for (std::int64_t i = b * n; i < (b + 1) * n; ++i) out[i] = in[i] * scale[b];
    }
    record_backward<T>({y}, [=](const T* d_y) {
      if (x.node()->needs_gradient) {
        T* const d_x = x.tape().template gradient<T>(x);
        for (std::int64_t b = 0; b < rows; ++b) {
          for (std::int64_t i = b * n; i < (b + 1) * n; ++i) d_x[i] += d_y[i] * scale[b];
        }
      }
      pass_gradient<T>(column, [=](std::int64_t b) {
        T sum = 0;
        for (std::int64_t i = b * n; i < (b + 1) * n; ++i) sum += d_y[i] * in[i];
        return sum;
      });
    });
  });
  return y;
}

Value outer(Value column, std::span<const double> row) {
  if (column.shape().rank() != 2 || column.shape()[1] != 1) refuse_shapes("outer", {column}, "it must be [B,1]");
  if (row.empty()) throw ShapeError("outer: the row is empty");
  Tape& tape = column.tape();
  const auto n = static_cast<std::int64_t>(row.size());
  const std::int64_t rows = column.shape().rows();
  const Value y = tape.make({rows, n}, column.node()->needs_gradient);
  tape.visit([&]<class T>(T) {
    T* const factors = tape.allocate<T>(n);
    std::ranges::transform(row, factors, [](double number) { return static_cast<T>(number); });
    const T* const in = Tape::data<T>(column);
    T* const out = Tape::data<T>(y);
    for (std::int64_t b = 0; b < rows; ++b) {
      for (std::int64_t i = 0; i < n; ++i) out[b * n + i] = in[b] * factors[i];
    }
    record_backward<T>({y}, [=](const T* d_y) {
      pass_gradient<T>(column, [=](std::int64_t b) {
        T sum = 0;
        for (std::int64_t i = 0; i < n; ++i) sum += d_y[b * n + i] * factors[i];
        return sum;
      });
    });
  });
  return y;
}

}  // namespace drawlab
