// Of another ABI, with code that runs when it is opened.
#include "mark.hpp"
#include "plugins/sound.hpp"

namespace {

const drawlab::test::Mark mark;

constexpr drawlab::PluginDescriptor spoilt() {
  drawlab::PluginDescriptor descriptor = drawlab::test::sound_descriptor("marking_abi");
  descriptor.abi = drawlab::kPluginAbi + 1;
  return descriptor;
}

}  // namespace

DRAWLAB_PLUGIN(spoilt());
