#include "drawlab/ops.hpp"

#include "kernels/elementwise.hpp"
#include "ops/shapes.hpp"

namespace drawlab {

namespace {

std::int64_t last_size(const char* operation, Value x) {
  if (x.shape().rank() == 0) refuse_shapes(operation, {x}, "it must have a last axis");
  return x.shape()[x.shape().rank() - 1];
}

}  // namespace

Value softmax(Value x) {
  const std::int64_t n = last_size("softmax", x);
  const std::int64_t rows = x.shape().count() / n;
  const Value y = x.tape().make(x.shape(), x.node()->needs_gradient);
  x.tape().visit([&]<class T>(T) {
    T* const out = Tape::data<T>(y);
    kernels::softmax(Tape::data<T>(x), out, {rows, n});
    record_backward<T>({y}, [=](const T* d_y) {
      T* const d_x = x.tape().template gradient<T>(x);
      for (std::int64_t row = 0; row < rows; ++row) {
        const std::int64_t start = row * n;
        T dot = 0;
        for (std::int64_t i = start; i < start + n; ++i) dot += d_y[i] * out[i];
        for (std::int64_t i = start; i < start + n; ++i) d_x[i] += out[i] * (d_y[i] - dot);
      }
    });
  });
  return y;
}

Value normalize(Value x) {
  const std::int64_t n = last_size("normalize", x);
  const std::int64_t rows = x.shape().count() / n;
  Tape& tape = x.tape();
  const Value y = tape.make(x.shape(), x.node()->needs_gradient);
  tape.visit([&]<class T>(T) {
    const T* const in = Tape::data<T>(x);
    T* const out = Tape::data<T>(y);
    T* const inverse = tape.allocate<T>(rows);
    for (std::int64_t row = 0; row < rows; ++row) {
      T sum = 0;
      for (std::int64_t i = row * n; i < (row + 1) * n; ++i) sum += in[i];
      inverse[row] = sum == 0 ? T(0) : 1 / sum;
      for (std::int64_t i = row * n; i < (row + 1) * n; ++i) out[i] = in[i] * inverse[row];
    }
    record_backward<T>({y}, [=](const T* d_y) {
      T* const d_x = x.tape().template gradient<T>(x);
      for (std::int64_t row = 0; row < rows; ++row) {
        T dot = 0;
        for (std::int64_t i = row * n; i < (row + 1) * n; ++i) dot += d_y[i] * out[i];
        for (std::int64_t i = row * n; i < (row + 1) * n; ++i) d_x[i] += inverse[row] * (d_y[i] - dot);
      }
    });
  });
  return y;
}

Value pixel_distances(Value centers, std::int64_t size) {
  if (centers.shape().rank() != 2) refuse_shapes("pixel_distances", {centers}, "it must be [B,N]");
  if (size < 1) throw ShapeError("pixel_distances: size " + std::to_string(size) + " is below 1");
  const Value y = centers.tape().make({centers.shape()[0], centers.shape()[1], size}, centers.node()->needs_gradient);
  centers.tape().visit([&]<class T>(T) {
    const T* const in = Tape::data<T>(centers);
    T* const out = Tape::data<T>(y);
    for (std::int64_t i = 0; i < centers.shape().count(); ++i) {
      for (std::int64_t a = 0; a < size; ++a) out[i * size + a] = static_cast<T>(a + 1) - in[i];
    }
    record_backward<T>({y}, [=](const T* d_y) {
      pass_gradient<T>(centers, [=](std::int64_t i) {
        T sum = 0;
        for (std::int64_t a = 0; a < size; ++a) sum -= d_y[i * size + a];
        return sum;
      });
    });
  });
  return y;
}

}  // namespace drawlab
