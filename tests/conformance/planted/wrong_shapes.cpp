// It calls an operation with shapes that do not fit.
#include "planted.hpp"

namespace {

using namespace drawlab;

class WrongShapes final : public planted::Mode {
 public:
  WrongShapes(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override { return mul(patch, slice(patch, 0, 2)); }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<WrongShapes, void>({"wrong_shapes", "1.0.0", "spoilt for the tests",
                                                                "none"}));
