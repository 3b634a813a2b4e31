// The composed form of its operation gives other values.
#include "planted.hpp"

namespace {

using namespace drawlab;

class UnlikeComposed final : public planted::Mode {
 public:
  UnlikeComposed(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override {
    const auto composed = [](std::span<const Value> in) { return affine(in[0] * in[0], 1.001, 0); };
    return custom_op(planted::Square{patch.shape()}, composed, {patch});
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<UnlikeComposed, void>({"unlike_composed", "1.0.0", "spoilt for the tests",
                                                                   "none"}));
