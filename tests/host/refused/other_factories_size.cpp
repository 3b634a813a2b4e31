#include "plugins/sound.hpp"

namespace {

constexpr drawlab::PluginDescriptor spoilt() {
  drawlab::PluginDescriptor descriptor = drawlab::test::sound_descriptor("other_factories_size");
  descriptor.factories_size -= 8;
  return descriptor;
}

}  // namespace

DRAWLAB_PLUGIN(spoilt());
