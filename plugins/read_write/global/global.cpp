#include "drawlab/ops.hpp"
#include "drawlab/plugin.hpp"

namespace drawlab {
namespace {

/// Equation 17: read = [x, x_hat].
class GlobalRead final : public ReadMode {
 public:
  using Options = NoOptions;
  GlobalRead(const Options&, const ReadSetup& setup) : size_(setup.image.count() * setup.image_count) {}
  std::int64_t patch_size() const override { return size_; }
  ReadResult read(std::span<const Value> images, Value) const override { return {concat(images), {}}; }

 private:
  std::int64_t size_;
};

/// Equation 18: write = W(h_dec).
class GlobalWrite final : public WriteMode {
 public:
  using Options = NoOptions;
  GlobalWrite(const Options&, const WriteSetup& setup)
      : image_(setup.image), canvas_(setup.parameters, "canvas", setup.state_size, setup.image.count()) {}
  WriteResult write(Value state) const override {
    const Shape shape{state.shape().rows(), image_.channels, image_.height, image_.width};
    return {reshape(canvas_(state), shape), {}};
  }

 private:
  ImageShape image_;
  Linear canvas_;
};

}  // namespace

DRAWLAB_PLUGIN(describe_read_write<GlobalRead, GlobalWrite>(
    {"global", "1.0.0", "No attention: reads the whole image and writes the whole canvas",
     "Gregor et al. 2015, equations 17 and 18 (arXiv 1502.04623)"}));

}  // namespace drawlab
