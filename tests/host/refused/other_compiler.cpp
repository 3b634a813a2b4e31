#include "plugins/sound.hpp"

namespace {

constexpr drawlab::PluginDescriptor spoilt() {
  drawlab::PluginDescriptor descriptor = drawlab::test::sound_descriptor("other_compiler");
  descriptor.compiler_abi = "itanium/libstdc++-old/plain";
  return descriptor;
}

}  // namespace

DRAWLAB_PLUGIN(spoilt());
