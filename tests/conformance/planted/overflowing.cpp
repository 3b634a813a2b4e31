// Nothing holds what goes into the exponential.
#include "planted.hpp"

namespace {

using namespace drawlab;

class Overflowing final : public planted::Mode {
 public:
  Overflowing(const Options&, const ReadSetup& setup) : Mode(setup), steep_(setup.parameters, "steep", 1, 1) {}

 private:
  Value spoilt(Value patch) const override { return mul_column(patch, exp(steep_(slice(patch, 0, 1)))); }
  Linear steep_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Overflowing, void>({"overflowing", "1.0.0", "spoilt for the tests",
                                                                "none"}));
