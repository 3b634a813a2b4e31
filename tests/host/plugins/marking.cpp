// A sound dataset whose code runs when it is opened.
#include "mark.hpp"
#include "plugins/sound.hpp"

namespace {
const drawlab::test::Mark mark;
}  // namespace

DRAWLAB_PLUGIN(drawlab::test::sound_descriptor("marking"));
