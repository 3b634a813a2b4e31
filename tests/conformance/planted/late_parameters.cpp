// A call adds a parameter.
#include "planted.hpp"

#include <atomic>

namespace {

using namespace drawlab;

class LateParameters final : public planted::Mode {
 public:
  LateParameters(const Options&, const ReadSetup& setup) : Mode(setup), scope_(setup.parameters) {}

 private:
  Value spoilt(Value patch) const override {
    if (!added_.exchange(true)) scope_.add("late", {1}, Initial::zero());
    return patch;
  }
  ParameterScope scope_;
  mutable std::atomic<bool> added_ = false;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<LateParameters, void>({"late_parameters", "1.0.0", "spoilt for the tests",
                                                                   "none"}));
