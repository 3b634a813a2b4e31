// Every call shifts the result a little.
#include "planted.hpp"

#include <atomic>

namespace {

using namespace drawlab;

class HiddenState final : public planted::Mode {
 public:
  HiddenState(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override { return affine(patch, 1, 1e-3 * calls_++); }
  mutable std::atomic<int> calls_ = 0;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<HiddenState, void>({"hidden_state", "1.0.0", "spoilt for the tests",
                                                                "none"}));
