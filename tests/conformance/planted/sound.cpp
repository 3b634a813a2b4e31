// Nothing is wrong with it.
#include "planted.hpp"

namespace {

using namespace drawlab;

class Sound final : public planted::Mode {
 public:
  Sound(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override { return planted::square(patch, 1); }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Sound, void>({"sound", "1.0.0", "spoilt for the tests", "none"}));
