#include "plugins/sound.hpp"

namespace {

constexpr drawlab::PluginDescriptor spoilt() {
  drawlab::PluginDescriptor descriptor = drawlab::test::sound_descriptor("unknown_kind");
  descriptor.kind = 7;
  return descriptor;
}

}  // namespace

DRAWLAB_PLUGIN(spoilt());
