// The window that it shows is not where it looks.
#include "planted.hpp"

#include <array>

namespace {

using namespace drawlab;

class FarWindow final : public planted::Mode {
 public:
  FarWindow(const Options&, const ReadSetup& setup) : Mode(setup) {}
  ReadResult read(Tape& tape, std::span<const Value> images, Value state) const override {
    ReadResult result = Mode::read(tape, images, state);
    // Everything is looked at, and the first pixel shown.
    const Value numbers = repeat_rows(
        reshape(concat(std::array{tape.constant({1, 2}, 1), tape.constant({1, 2}, 0)}), {4}), state.shape().rows());
    result.window = Window{numbers, 1};
    return result;
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<FarWindow, void>({"far_window", "1.0.0", "spoilt for the tests", "none"}));
