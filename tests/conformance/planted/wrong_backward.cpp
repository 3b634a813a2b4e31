// Its backward forgets the factor 2.
#include "planted.hpp"

namespace {

using namespace drawlab;

class WrongBackward final : public planted::Mode {
 public:
  WrongBackward(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override { return planted::square(patch, 0.5); }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<WrongBackward, void>({"wrong_backward", "1.0.0", "spoilt for the tests",
                                                                  "none"}));
