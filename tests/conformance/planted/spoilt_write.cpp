// A write mode whose backward forgets the factor 2, and which shows a window where it hardly writes.
#include "planted.hpp"

namespace {

using namespace drawlab;

class SpoiltWrite final : public WriteMode {
 public:
  using Options = NoOptions;

  SpoiltWrite(const Options&, const WriteSetup& setup)
      : image_(setup.image), layer_(setup.parameters, "layer", setup.state_size, setup.image.count()) {}

  WriteResult write(Value state) const override {
    const std::int64_t rows = state.shape().rows();
    const Value corner = state.tape().constant({rows, 2}, 1);
    const Value nothing = state.tape().constant({rows, 1}, 0);
    const Value update = planted::square(layer_(state), 0.5);
    return {reshape(update, {rows, image_.channels, image_.height, image_.width}), Window{corner, nothing, nothing, 1}};
  }

 private:
  ImageShape image_;
  Linear layer_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<void, SpoiltWrite>({"spoilt_write", "1.0.0", "spoilt for the tests",
                                                                "none"}));
