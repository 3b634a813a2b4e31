// Its patch has not the size that it tells.
#include "planted.hpp"

namespace {

using namespace drawlab;

class Misshapen final : public planted::Mode {
 public:
  Misshapen(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override { return slice(patch, 0, patch.shape().row_size() - 1); }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Misshapen, void>({"misshapen", "1.0.0", "spoilt for the tests", "none"}));
