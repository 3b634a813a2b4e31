// A mode that reads only.
#include "drawlab/plugin.hpp"

namespace {

using namespace drawlab;

class Reader final : public ReadMode {
 public:
  using Options = NoOptions;
  Reader(const Options&, const ReadSetup&) {}
  std::int64_t patch_size() const override { return 1; }
  ReadResult read(std::span<const Value> images, Value) const override { return {images[0], std::nullopt}; }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Reader, void>({"reader", "1.0.0", "reads only", "none"}));
