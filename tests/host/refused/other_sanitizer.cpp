// CMakeLists.txt builds it with a sanitizer where drawlab has none, and without where it has.
#include "plugins/sound.hpp"

DRAWLAB_PLUGIN(drawlab::test::sound_descriptor("other_sanitizer"));
