// The option is declared for one member and another one is read.
#include "planted.hpp"

namespace {

using namespace drawlab;

struct MisreadOptionOptions {
  double scale = 1;
  double scal = 1;
  void declare(OptionTable& table) { table.real("scale", scal, 0.5, 2, "what the patch is multiplied by"); }
};

class MisreadOption final : public planted::Mode {
 public:
  using Options = MisreadOptionOptions;
  MisreadOption(const Options& options, const ReadSetup& setup) : Mode(setup), options_(options) {}

 private:
  Value spoilt(Value patch) const override { return affine(patch, options_.scale, 0); }
  Options options_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<MisreadOption, void>({"misread_option", "1.0.0", "spoilt for the tests",
                                                                  "none"}));
