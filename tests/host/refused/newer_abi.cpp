#include "plugins/sound.hpp"

namespace {

constexpr drawlab::PluginDescriptor spoilt() {
  drawlab::PluginDescriptor descriptor = drawlab::test::sound_descriptor("newer_abi");
  descriptor.abi = drawlab::kPluginAbi + 1;
  return descriptor;
}

}  // namespace

DRAWLAB_PLUGIN(spoilt());
