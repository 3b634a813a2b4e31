// Its result is not a number.
#include "planted.hpp"

namespace {

using namespace drawlab;

class NotFinite final : public planted::Mode {
 public:
  NotFinite(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override { return log(affine(patch, 0, -1)); }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<NotFinite, void>({"not_finite", "1.0.0", "spoilt for the tests", "none"}));
