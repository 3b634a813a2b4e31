// CMakeLists.txt builds it in the debug mode of libstdc++.
#include "plugins/sound.hpp"

DRAWLAB_PLUGIN(drawlab::test::sound_descriptor("debug_containers"));
