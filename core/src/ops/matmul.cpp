#include "drawlab/ops.hpp"

#include "ops/common_shapes.hpp"

namespace drawlab {

namespace {

/// One small matrix in memory, perhaps to be read transposed.
struct Matrices {
  std::int64_t rows, columns;      // after transposition
  std::int64_t by_row, by_column;  // strides
  std::int64_t size;               // numbers of one matrix
  bool per_channel;
};

Matrices matrices_of(Value value, Transpose transpose) {
  const Shape& shape = value.shape();
  const std::int64_t stored_rows = shape[shape.rank() - 2];
  const std::int64_t stored_columns = shape[shape.rank() - 1];
  const bool t = transpose == Transpose::yes;
  return {t ? stored_columns : stored_rows, t ? stored_rows : stored_columns, t ? 1 : stored_columns,
          t ? stored_columns : 1,           stored_rows * stored_columns,     shape.rank() == 4};
}

/// to[i,j] += Σ_k a[i,k]·b[k,j], where any of the three may be strided.
template <class T>
void multiply_add(const T* a, std::int64_t a_row, std::int64_t a_column, const T* b, std::int64_t b_row,
                  std::int64_t b_column, T* to, std::int64_t to_row, std::int64_t to_column, std::int64_t rows,
                  std::int64_t inner, std::int64_t columns) {
  if (b_column == 1 && to_column == 1) {
    for (std::int64_t i = 0; i < rows; ++i) {
      T* const out = to + i * to_row;
      for (std::int64_t k = 0; k < inner; ++k) {
        const T factor = a[i * a_row + k * a_column];
        const T* const from = b + k * b_row;
        for (std::int64_t j = 0; j < columns; ++j) out[j] += factor * from[j];
      }
    }
    return;
  }
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      T sum = 0;
      for (std::int64_t k = 0; k < inner; ++k) sum += a[i * a_row + k * a_column] * b[k * b_row + j * b_column];
      to[i * to_row + j * to_column] += sum;
    }
  }
}

}  // namespace

Value matmul(Value a, Value b, Transpose transpose_a, Transpose transpose_b) {
  const Shape& sa = a.shape();
  const Shape& sb = b.shape();
  const auto refuse = [&] {
    refuse_shapes("matmul", {a, b},
                  "[B,n,k] and [B,k,m] are needed after transposition, one of them perhaps [B,C,.,.]");
  };
  if (sa.rank() < 3 || sb.rank() < 3 || sa[0] != sb[0]) refuse();
  const Matrices la = matrices_of(a, transpose_a);
  const Matrices lb = matrices_of(b, transpose_b);
  if (la.columns != lb.rows || (la.per_channel && lb.per_channel && sa[1] != sb[1])) refuse();
  const std::int64_t batch = sa[0];
  const bool channels_shown = la.per_channel || lb.per_channel;
  const std::int64_t channels = la.per_channel ? sa[1] : lb.per_channel ? sb[1] : 1;
  const Shape shape = channels_shown ? Shape{batch, channels, la.rows, lb.columns} : Shape{batch, la.rows, lb.columns};
  const Value y = a.tape().make(shape, a.node()->needs_gradient || b.node()->needs_gradient);

  a.tape().visit([&]<class T>(T) {
    const std::int64_t out_size = la.rows * lb.columns;
    const auto at = [batch, channels](const Matrices& l, std::int64_t sample, std::int64_t channel) {
      return l.size * (l.per_channel ? sample * channels + channel : sample);
    };
    const T* const left = Tape::data<T>(a);
    const T* const right = Tape::data<T>(b);
    T* const out = Tape::data<T>(y);
    std::fill_n(out, shape.count(), T(0));
    for (std::int64_t s = 0; s < batch; ++s) {
      for (std::int64_t c = 0; c < channels; ++c) {
        multiply_add(left + at(la, s, c), la.by_row, la.by_column, right + at(lb, s, c), lb.by_row, lb.by_column,
                     out + (s * channels + c) * out_size, lb.columns, std::int64_t{1}, la.rows, la.columns, lb.columns);
      }
    }
    record_backward<T>(y, [=](const T* d_y) {
      T* const d_a = a.node()->needs_gradient ? a.tape().template gradient<T>(a) : nullptr;
      T* const d_b = b.node()->needs_gradient ? b.tape().template gradient<T>(b) : nullptr;
      for (std::int64_t s = 0; s < batch; ++s) {
        for (std::int64_t c = 0; c < channels; ++c) {
          const T* const d = d_y + (s * channels + c) * out_size;
          if (d_a != nullptr) {  // d_a = d_y·bᵀ
            multiply_add(d, lb.columns, std::int64_t{1}, right + at(lb, s, c), lb.by_column, lb.by_row,
                         d_a + at(la, s, c), la.by_row, la.by_column, la.rows, lb.columns, la.columns);
          }
          if (d_b != nullptr) {  // d_b = aᵀ·d_y
            multiply_add(left + at(la, s, c), la.by_column, la.by_row, d, lb.columns, std::int64_t{1},
                         d_b + at(lb, s, c), lb.by_row, lb.by_column, la.columns, la.rows, lb.columns);
          }
        }
      }
    });
  });
  return y;
}

}  // namespace drawlab
