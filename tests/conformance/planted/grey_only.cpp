// Nothing is wrong with it: it is for images of one channel, and says so.
#include "drawlab/error.hpp"

#include "planted.hpp"

namespace {

using namespace drawlab;

class GreyOnly final : public planted::Mode {
 public:
  GreyOnly(const Options&, const ReadSetup& setup) : Mode(setup) {
    if (setup.image.channels == 1) return;
    throw ConfigError("grey_only reads images of one channel, these have " + std::to_string(setup.image.channels));
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<GreyOnly, void>({"grey_only", "1.0.0", "spoilt for the tests", "none"}));
