// The window that it shows is not where it looks.
#include "planted.hpp"

namespace {

using namespace drawlab;

class FarWindow final : public planted::Mode {
 public:
  FarWindow(const Options&, const ReadSetup& setup) : Mode(setup) {}
  ReadResult read(std::span<const Value> images, Value state) const override {
    ReadResult result = Mode::read(images, state);
    // It looks at everything and shows the first pixel.
    const std::int64_t rows = state.shape().rows();
    const Value nothing = state.tape().constant({rows, 1}, 0);
    result.window = Window{state.tape().constant({rows, 2}, 1), nothing, nothing, 1};
    return result;
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<FarWindow, void>({"far_window", "1.0.0", "spoilt for the tests", "none"}));
