#include "plugins/sound.hpp"

namespace {

constexpr drawlab::PluginDescriptor spoilt() {
  drawlab::PluginDescriptor descriptor = drawlab::test::sound_descriptor("no_factories");
  descriptor.factories = nullptr;
  return descriptor;
}

}  // namespace

DRAWLAB_PLUGIN(spoilt());
