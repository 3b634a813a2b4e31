#include "plugins/sound.hpp"

namespace drawlab {
double of_a_later_version(double value);
}

extern "C" __attribute__((visibility("default"))) double uses_it(double value) {
  return drawlab::of_a_later_version(value);
}

DRAWLAB_PLUGIN(drawlab::test::sound_descriptor("unresolved"));
