// In single precision it rounds to three digits.
#include "planted.hpp"

#include <cmath>
#include <type_traits>

namespace {

using namespace drawlab;

struct Rounding {
  Shape shape;
  std::array<Shape, 1> shapes() const { return {shape}; }

  template <class T>
  void forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const {
    std::transform(in[0].begin(), in[0].end(), out[0].begin(),
                   [](T x) { return std::is_same_v<T, float> ? std::round(x * T(1000)) / T(1000) : x; });
  }
  template <class T>
  void backward(std::span<const std::span<const T>>, std::span<const std::span<const T>>,
                std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const {
    for (std::size_t i = 0; i < d_in[0].size(); ++i) d_in[0][i] += d_out[0][i];
  }
};

class Imprecise final : public planted::Mode {
 public:
  Imprecise(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override {
    return custom_op(Rounding{patch.shape()}, [](std::span<const Value> in) { return affine(in[0], 1, 0); }, {patch});
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Imprecise, void>({"imprecise", "1.0.0", "spoilt for the tests", "none"}));
