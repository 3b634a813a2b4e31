#include "plugins/sound.hpp"

namespace {

constexpr drawlab::PluginDescriptor spoilt() {
  drawlab::PluginDescriptor descriptor = drawlab::test::sound_descriptor("wrong_magic");
  descriptor.magic = 0x0123456789abcdef;
  return descriptor;
}

}  // namespace

DRAWLAB_PLUGIN(spoilt());
