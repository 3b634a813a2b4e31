#include "drawlab/ops.hpp"

#include "kernels/matrix.hpp"
#include "ops/shapes.hpp"

#include <algorithm>
#include <utility>

namespace drawlab {

namespace {

/// A small matrix per sample, or per sample and channel, perhaps read transposed.
struct SmallMatrix {
  std::int64_t rows, columns;      // after transposition
  std::int64_t by_row, by_column;  // strides
  std::int64_t size;               // numbers of one matrix
  bool per_channel;

  SmallMatrix(Value value, Transpose transpose) {
    const Shape& shape = value.shape();
    rows = shape[shape.rank() - 2];
    columns = by_row = shape[shape.rank() - 1];
    by_column = 1;
    size = rows * columns;
    per_channel = shape.rank() == 4;
    if (transpose == Transpose::yes) {
      std::swap(rows, columns);
      std::swap(by_row, by_column);
    }
  }
};

/// A matrix in memory: element [i,j] at data[i·row + j·column].
template <class T>
struct Strided {
  T* data;
  std::int64_t row;
  std::int64_t column = 1;
};

/// to[i,j] += Σ_k a[i,k]·b[k,j]; `to` has `size`.
template <class T>
void multiply_add(Strided<const T> a, Strided<const T> b, std::int64_t inner, Strided<T> to,
                  const kernels::MatrixSize& size) {
  if (b.column == 1 && to.column == 1) {
    for (std::int64_t i = 0; i < size.rows; ++i) {
      T* const out = to.data + i * to.row;
      for (std::int64_t k = 0; k < inner; ++k) {
        const T factor = a.data[i * a.row + k * a.column];
        const T* const from = b.data + k * b.row;
        for (std::int64_t j = 0; j < size.columns; ++j) out[j] += factor * from[j];
      }
    }
    return;
  }
  for (std::int64_t i = 0; i < size.rows; ++i) {
    for (std::int64_t j = 0; j < size.columns; ++j) {
      T sum = 0;
      for (std::int64_t k = 0; k < inner; ++k) {
        sum += a.data[i * a.row + k * a.column] * b.data[k * b.row + j * b.column];
      }
      to.data[i * to.row + j * to.column] += sum;
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
  const SmallMatrix la(a, transpose_a);
  const SmallMatrix lb(b, transpose_b);
  if (la.columns != lb.rows || (la.per_channel && lb.per_channel && sa[1] != sb[1])) refuse();
  const std::int64_t batch = sa[0];
  const bool channels_shown = la.per_channel || lb.per_channel;
  const std::int64_t channels = la.per_channel ? sa[1] : lb.per_channel ? sb[1] : 1;
  const Shape shape = channels_shown ? Shape{batch, channels, la.rows, lb.columns} : Shape{batch, la.rows, lb.columns};
  const Value y = a.tape().make(shape, any_needs_gradient({a, b}));

  a.tape().visit([&]<class T>(T) {
    const std::int64_t out_size = la.rows * lb.columns;
    const auto at = [channels](const SmallMatrix& m, std::int64_t sample, std::int64_t channel) {
      return m.size * (m.per_channel ? sample * channels + channel : sample);
    };
    const T* const left = Tape::data<T>(a);
    const T* const right = Tape::data<T>(b);
    T* const out = Tape::data<T>(y);
    std::fill_n(out, shape.count(), T(0));
    for (std::int64_t s = 0; s < batch; ++s) {
      for (std::int64_t c = 0; c < channels; ++c) {
        multiply_add<T>({left + at(la, s, c), la.by_row, la.by_column}, {right + at(lb, s, c), lb.by_row, lb.by_column},
                        la.columns, {out + (s * channels + c) * out_size, lb.columns}, {la.rows, lb.columns});
      }
    }
    record_backward<T>({y}, [=](const T* d_y) {
      T* const d_a = a.node()->needs_gradient ? a.tape().template gradient<T>(a) : nullptr;
      T* const d_b = b.node()->needs_gradient ? b.tape().template gradient<T>(b) : nullptr;
      for (std::int64_t s = 0; s < batch; ++s) {
        for (std::int64_t c = 0; c < channels; ++c) {
          const Strided<const T> d{d_y + (s * channels + c) * out_size, lb.columns};
          if (d_a != nullptr) {  // d_a = d_y·bᵀ
            multiply_add<T>(d, {right + at(lb, s, c), lb.by_column, lb.by_row}, lb.columns,
                            {d_a + at(la, s, c), la.by_row, la.by_column}, {la.rows, la.columns});
          }
          if (d_b != nullptr) {  // d_b = aᵀ·d_y
            multiply_add<T>({left + at(la, s, c), la.by_column, la.by_row}, d, la.rows,
                            {d_b + at(lb, s, c), lb.by_row, lb.by_column}, {la.columns, lb.columns});
          }
        }
      }
    });
  });
  return y;
}

}  // namespace drawlab
