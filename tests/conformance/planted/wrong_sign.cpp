// Its backward has the wrong sign.
#include "planted.hpp"

namespace {

using namespace drawlab;

class WrongSign final : public planted::Mode {
 public:
  WrongSign(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override { return planted::square(patch, -1); }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<WrongSign, void>({"wrong_sign", "1.0.0", "spoilt for the tests", "none"}));
