#include "plugins/sound.hpp"

namespace {

constexpr drawlab::PluginDescriptor spoilt() {
  drawlab::PluginDescriptor descriptor = drawlab::test::sound_descriptor("other_sanitizer");
#if defined(__SANITIZE_ADDRESS__)
  descriptor.compiler_abi = DRAWLAB_COMPILER_TAG "/" DRAWLAB_LIBRARY_TAG "/plain";
#else
  descriptor.compiler_abi = DRAWLAB_COMPILER_TAG "/" DRAWLAB_LIBRARY_TAG "/asan";
#endif
  return descriptor;
}

}  // namespace

DRAWLAB_PLUGIN(spoilt());
