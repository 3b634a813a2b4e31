// The composed form of its operation gives the same values and half of the gradient.
#include "planted.hpp"

namespace {

using namespace drawlab;

class UnlikeGradient final : public planted::Mode {
 public:
  UnlikeGradient(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override {
    // A product with a copy that has no gradient.
    const auto composed = [](std::span<const Value> in) {
      std::vector<double> numbers(static_cast<std::size_t>(in[0].shape().count()));
      in[0].tape().read(in[0], std::span<double>(numbers));
      return in[0] * in[0].tape().input(in[0].shape(), std::span<const double>(numbers));
    };
    return custom_op(planted::Square{patch.shape()}, composed, {patch});
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<UnlikeGradient, void>({"unlike_gradient", "1.0.0", "spoilt for the tests",
                                                                   "none"}));
