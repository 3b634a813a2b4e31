#include "kernels/elementwise.hpp"

#include "drawlab/ops.hpp"

#include "ops/shapes.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab {

namespace {

/// y = f(x); backward multiplies by derivative(x, y).
template <class Forward, class Derivative>
Value unary(Value x, Forward forward, Derivative derivative) {
  const Value y = x.tape().make(x.shape(), x.node()->needs_gradient);
  x.tape().visit([&]<class T>(T) {
    const T* const in = Tape::data<T>(x);
    T* const out = Tape::data<T>(y);
    forward(in, out, x.shape().count());
    record_backward<T>({y}, [x, in, out, derivative](const T* d_y) {
      pass_gradient<T>(x, [=](std::int64_t i) { return d_y[i] * derivative(in[i], out[i]); });
    });
  });
  return y;
}

/// y = f(a, b) for equal shapes; backward multiplies by by_a(a, b) and by_b(a, b).
template <class Forward, class ByA, class ByB>
Value binary(const char* name, Value a, Value b, Forward forward, ByA by_a, ByB by_b) {
  need_equal(name, a, b);
  const Value y = a.tape().make(a.shape(), any_needs_gradient({a, b}));
  a.tape().visit([&]<class T>(T) {
    const T* const left = Tape::data<T>(a);
    const T* const right = Tape::data<T>(b);
    T* const out = Tape::data<T>(y);
    for (std::int64_t i = 0; i < a.shape().count(); ++i) out[i] = forward(left[i], right[i]);
    record_backward<T>({y}, [=](const T* d_y) {
      pass_gradient<T>(a, [=](std::int64_t i) { return d_y[i] * by_a(left[i], right[i]); });
      pass_gradient<T>(b, [=](std::int64_t i) { return d_y[i] * by_b(left[i], right[i]); });
    });
  });
  return y;
}

/// For functions without a vectorised loop.
template <class F>
auto each(F f) {
  return [f]<class T>(const T* x, T* y, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) y[i] = f(x[i]);
  };
}

}  // namespace

Value add(Value a, Value b) {
  need_equal("add", a, b);
  const Value y = a.tape().make(a.shape(), any_needs_gradient({a, b}));
  a.tape().visit([&]<class T>(T) {
    kernels::add(Tape::data<T>(a), Tape::data<T>(b), Tape::data<T>(y), a.shape().count());
    record_backward<T>({y}, [=](const T* d_y) {
      for (const Value& x : {a, b}) {
        if (const Into<T> d_x = x.tape().template into<T>(x)) kernels::pass_on(d_y, d_x, x.shape().count());
      }
    });
  });
  return y;
}

Value sub(Value a, Value b) {
  return binary(
      "sub", a, b, [](auto l, auto r) { return l - r; }, [](auto l, auto) { return decltype(l)(1); },
      [](auto l, auto) { return decltype(l)(-1); });
}

Value mul(Value a, Value b) {
  return binary(
      "mul", a, b, [](auto l, auto r) { return l * r; }, [](auto, auto r) { return r; },
      [](auto l, auto) { return l; });
}

Value div(Value a, Value b) {
  return binary(
      "div", a, b, [](auto l, auto r) { return l / r; }, [](auto, auto r) { return 1 / r; },
      [](auto l, auto r) { return -l / (r * r); });
}

Value operator+(Value a, Value b) { return add(a, b); }
Value operator-(Value a, Value b) { return sub(a, b); }
Value operator*(Value a, Value b) { return mul(a, b); }

Value affine(Value x, double scale, double shift) {
  return unary(x, each([scale, shift]<class T>(T v) { return static_cast<T>(scale) * v + static_cast<T>(shift); }),
               [scale]<class T>(T, T) { return static_cast<T>(scale); });
}

Value exp(Value x) {
  return unary(
      x, [](const auto* in, auto* out, std::int64_t n) { kernels::exp(in, out, n); }, [](auto, auto y) { return y; });
}

Value log(Value x) {
  return unary(x, each([](auto v) { return std::log(v); }), [](auto v, auto) { return 1 / v; });
}

Value sqrt(Value x) {
  return unary(x, each([](auto v) { return std::sqrt(v); }), []<class T>(T, T y) { return T(0.5) / y; });
}

Value sin(Value x) {
  return unary(x, each([](auto v) { return std::sin(v); }), [](auto v, auto) { return std::cos(v); });
}

Value cos(Value x) {
  return unary(x, each([](auto v) { return std::cos(v); }), [](auto v, auto) { return -std::sin(v); });
}

Value tanh(Value x) {
  return unary(
      x, [](const auto* in, auto* out, std::int64_t n) { kernels::tanh(in, out, n); },
      [](auto, auto y) { return 1 - y * y; });
}

Value sigmoid(Value x) {
  return unary(
      x, [](const auto* in, auto* out, std::int64_t n) { kernels::sigmoid(in, out, n); },
      [](auto, auto y) { return y * (1 - y); });
}

Value relu(Value x) {
  return unary(x, each([]<class T>(T v) { return v > 0 ? v : T(0); }),
               []<class T>(T v, T) { return T(v > 0 ? 1 : 0); });
}

Value clamp(Value x, double low, double high) {
  if (!(low <= high)) throw ShapeError("clamp: the limits are the wrong way round");
  return unary(
      x, each([low, high]<class T>(T v) { return std::clamp(v, static_cast<T>(low), static_cast<T>(high)); }),
      [low, high]<class T>(T v, T) { return T(v >= static_cast<T>(low) && v <= static_cast<T>(high) ? 1 : 0); });
}

}  // namespace drawlab
