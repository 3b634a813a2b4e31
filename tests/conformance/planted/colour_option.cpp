// Nothing is wrong with it: its option counts on images of several channels only.
#include "planted.hpp"

namespace {

using namespace drawlab;

struct ColourOptionOptions {
  double gain = 1;
  void declare(OptionTable& table) {
    table.real("gain", gain, 0.5, 2, "what the patch of a colour image is multiplied by");
  }
};

class ColourOption final : public planted::Mode {
 public:
  using Options = ColourOptionOptions;
  ColourOption(const Options& options, const ReadSetup& setup)
      : Mode(setup), gain_(setup.image.channels == 1 ? 1 : options.gain) {}

 private:
  Value spoilt(Value patch) const override { return affine(patch, gain_, 0); }
  double gain_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<ColourOption, void>({"colour_option", "1.0.0", "spoilt for the tests",
                                                                 "none"}));
