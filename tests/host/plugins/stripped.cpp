#include "plugins/sound.hpp"

DRAWLAB_PLUGIN(drawlab::test::sound_descriptor("stripped"));
