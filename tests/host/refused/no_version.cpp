#include "plugins/sound.hpp"

namespace {

constexpr drawlab::PluginDescriptor spoilt() {
  drawlab::PluginDescriptor descriptor = drawlab::test::sound_descriptor("no_version");
  descriptor.version = nullptr;
  return descriptor;
}

}  // namespace

DRAWLAB_PLUGIN(spoilt());
