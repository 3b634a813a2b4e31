// Nothing is wrong with it: one of its options counts only when the other one says so.
#include "planted.hpp"

namespace {

using namespace drawlab;

struct DependentOptionOptions {
  double gain = 1;
  bool glow = false;
  void declare(OptionTable& table) {
    table.real("gain", gain, 0.5, 2, "what the patch is multiplied by where it glows").flag("glow", glow, "glow");
  }
};

class DependentOption final : public planted::Mode {
 public:
  using Options = DependentOptionOptions;
  DependentOption(const Options& options, const ReadSetup& setup)
      : Mode(setup), gain_(options.glow ? 1 + options.gain : 1) {}

 private:
  Value spoilt(Value patch) const override { return affine(patch, gain_, 0); }
  double gain_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<DependentOption, void>({"dependent_option", "1.0.0", "spoilt for the tests",
                                                                    "none"}));
