#include "drawlab/ops.hpp"

#include "kernels/elementwise.hpp"
#include "ops/shapes.hpp"

#include <algorithm>

namespace drawlab {

namespace {

/// Rows of numbers in memory: row b begins at b·stride.
template <class T>
struct Rows {
  T numbers;
  std::int64_t stride;
};

/// Passes columns of `from` on to columns of `to`.
template <class T>
void pass_columns(const Rows<const T*>& from, const Rows<Into<T>>& to, const kernels::MatrixSize& size) {
  for (std::int64_t b = 0; b < size.rows; ++b) {
    kernels::pass_on(from.numbers + b * from.stride, to.numbers.from(b * to.stride), size.columns);
  }
}

}  // namespace

Value concat(std::span<const Value> parts) {
  if (parts.empty()) throw ShapeError("concat: no parts");
  Tape& tape = parts[0].tape();
  const std::int64_t rows = parts[0].shape().rows();
  std::int64_t width = 0;
  bool needs_gradient = false;
  for (const Value& part : parts) {
    if (part.shape().rank() == 0 || part.shape().rows() != rows) {
      refuse_shapes("concat", {parts[0], part}, "all parts must have the same batch");
    }
    width += part.shape().row_size();
    needs_gradient = needs_gradient || part.node()->needs_gradient;
  }
  const Value y = tape.make({rows, width}, needs_gradient);
  tape.visit([&]<class T>(T) {
    Value* const kept = tape.allocate<Value>(static_cast<std::int64_t>(parts.size()));
    std::ranges::copy(parts, kept);
    const std::span<const Value> all(kept, parts.size());
    std::int64_t column = 0;
    for (const Value& part : all) {
      const std::int64_t n = part.shape().row_size();
      pass_columns<T>({Tape::data<T>(part), n}, {{Tape::data<T>(y) + column, true}, width}, {rows, n});
      column += n;
    }
    record_backward<T>({y}, [=](const T* d_y) {
      std::int64_t first = 0;
      for (const Value& part : all) {
        const std::int64_t n = part.shape().row_size();
        if (const Into<T> d_part = part.tape().template into<T>(part)) {
          pass_columns<T>({d_y + first, width}, {d_part, n}, {rows, n});
        }
        first += n;
      }
    });
  });
  return y;
}

Value slice(Value x, std::int64_t first, std::int64_t count) {
  const std::int64_t width = x.shape().row_size();
  if (x.shape().rank() == 0 || first < 0 || count < 1 || first + count > width) {
    throw ShapeError("slice: columns " + std::to_string(first) + "…" + std::to_string(first + count - 1) +
                     " are outside the rows of shape " + x.shape().text());
  }
  const std::int64_t rows = x.shape().rows();
  const Value y = x.tape().make({rows, count}, x.node()->needs_gradient);
  x.tape().visit([&]<class T>(T) {
    pass_columns<T>({Tape::data<T>(x) + first, width}, {{Tape::data<T>(y), true}, count}, {rows, count});
    record_backward<T>({y}, [=](const T* d_y) {
      T* const d_x = x.tape().template gradient<T>(x);
      pass_columns<T>({d_y, count}, {{d_x + first, false}, width}, {rows, count});
    });
  });
  return y;
}

Value reshape(Value x, const Shape& shape) {
  if (shape.count() != x.shape().count()) {
    throw ShapeError("reshape: " + x.shape().text() + " has not as many numbers as " + shape.text());
  }
  Tape& tape = x.tape();
  auto* const node = new (tape.allocate(sizeof(Node))) Node(*x.node());
  node->shape = shape;
  node->root = x.node()->root;
  return Value(node);
}

Value repeat_rows(Value x, std::int64_t rows) {
  const Shape& one = x.shape();
  if (one.rank() >= Shape::kMaxRank) refuse_shapes("repeat_rows", {x}, "its rank must be below 4");
  if (rows < 1) throw ShapeError("repeat_rows: " + std::to_string(rows) + " rows; at least 1 is needed");
  const Shape shape = one.rank() == 0   ? Shape{rows}
                      : one.rank() == 1 ? Shape{rows, one[0]}
                      : one.rank() == 2 ? Shape{rows, one[0], one[1]}
                                        : Shape{rows, one[0], one[1], one[2]};
  const Value y = x.tape().make(shape, x.node()->needs_gradient);
  x.tape().visit([&]<class T>(T) {
    const std::int64_t n = one.count();
    for (std::int64_t b = 0; b < rows; ++b) std::copy_n(Tape::data<T>(x), n, Tape::data<T>(y) + b * n);
    record_backward<T>({y}, [=](const T* d_y) {
      kernels::add_column_sums(d_y, x.tape().template gradient<T>(x), {rows, n});
    });
  });
  return y;
}

Value sum_rows(Value x) {
  if (x.shape().rank() == 0) refuse_shapes("sum_rows", {x}, "it must have a batch");
  const std::int64_t rows = x.shape().rows();
  const std::int64_t n = x.shape().row_size();
  const Value y = x.tape().make({rows, 1}, x.node()->needs_gradient);
  x.tape().visit([&]<class T>(T) {
    const T* const in = Tape::data<T>(x);
    for (std::int64_t b = 0; b < rows; ++b) {
      T sum = 0;
      for (std::int64_t i = b * n; i < (b + 1) * n; ++i) sum += in[i];
      Tape::data<T>(y)[b] = sum;
    }
    record_backward<T>({y}, [=](const T* d_y) { pass_gradient<T>(x, [=](std::int64_t i) { return d_y[i / n]; }); });
  });
  return y;
}

Value weighted_sum(Value x, std::span<const float> weights) {
  if (!(x.shape() == Shape{x.shape().rows(), 1}) || static_cast<std::int64_t>(weights.size()) != x.shape().rows()) {
    throw ShapeError("weighted_sum: shape " + x.shape().text() + " and " + std::to_string(weights.size()) +
                     " weights do not fit: [B,1] and B weights are needed");
  }
  Tape& tape = x.tape();
  const Value y = tape.make({}, x.node()->needs_gradient);
  tape.visit([&]<class T>(T) {
    const std::int64_t rows = x.shape().rows();
    T* const kept = tape.allocate<T>(rows);
    std::ranges::copy(weights, kept);
    T sum = 0;
    for (std::int64_t b = 0; b < rows; ++b) sum += kept[b] * Tape::data<T>(x)[b];
    *Tape::data<T>(y) = sum;
    record_backward<T>({y}, [=](const T* d_y) { pass_gradient<T>(x, [=](std::int64_t b) { return *d_y * kept[b]; }); });
  });
  return y;
}

}  // namespace drawlab
