// The fused form is not the composed one.
#include "planted.hpp"

namespace {

using namespace drawlab;

struct UnlikeFusedOptions {
  bool fused = true;
  void declare(OptionTable& table) { table.flag("fused", fused, "use the other form"); }
};

class UnlikeFused final : public planted::Mode {
 public:
  using Options = UnlikeFusedOptions;
  UnlikeFused(const Options& options, const ReadSetup& setup) : Mode(setup), options_(options) {}

 private:
  Value spoilt(Value patch) const override { return options_.fused ? affine(patch, 1.001, 0) : patch; }
  Options options_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<UnlikeFused, void>({"unlike_fused", "1.0.0", "spoilt for the tests",
                                                                "none"}));
