// Its operation overwrites a gradient to which it should add: wrong once something else uses the state too.
#include "planted.hpp"

namespace {

using namespace drawlab;

/// x², whose backward is right for the first user of x only.
struct OverwritingSquare : planted::Square {
  template <class T>
  void backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>>,
                std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const {
    for (std::size_t i = 0; i < d_in[0].size(); ++i) d_in[0][i] = 2 * in[0][i] * d_out[0][i];
  }
};

class OverwrittenGradient final : public planted::Mode {
 public:
  OverwrittenGradient(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value steering(Value state) const override {
    return custom_op(OverwritingSquare{{state.shape()}}, planted::composed_square, {state});
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<OverwrittenGradient, void>({"overwritten_gradient", "1.0.0",
                                                                        "spoilt for the tests", "none"}));
