#include "drawlab/ops.hpp"
#include "drawlab/plugin.hpp"

#include "sampling.hpp"

#include <array>
#include <vector>

namespace {

using namespace drawlab;

struct Options {
  int size = 7;
  bool fused = true;

  void declare(OptionTable& table) {
    table.integer("size", size, 1, 64, "points along each side of the patch, N");
    table.flag("fused", fused, "sample in one operation in place of the composed ones");
  }

  /// The image [B,C,H,W] at the mapped points of a rows×columns grid; [B,C·rows·columns].
  Value sample(Value image, const AffineMap& map, std::int64_t rows, std::int64_t columns) const {
    return fused ? fused_sample(image, map, rows, columns) : composed_sample(image, map, rows, columns);
  }
};

/// Near the identity at first, so that training starts from the whole image.
Linear map_layer(const ParameterScope& scope, std::int64_t state_size) {
  return {scope, "map", state_size, 6, Initial::uniform(0.01), Initial::zero()};
}

/// How far a step of length 1 goes on average: √((a² + b² + c² + d²)/2).
Value mean_scale(const AffineMap& map) {
  const Value squares = add(add(mul(map.a, map.a), mul(map.b, map.b)), add(mul(map.c, map.c), mul(map.d, map.d)));
  return sqrt(affine(squares, 0.5, 1e-12));
}

/// −1…1 across the image in pixels 1…size.
Value in_pixels(Value place, std::int64_t size) {
  return affine(place, static_cast<double>(size) / 2, (static_cast<double>(size) + 1) / 2);
}

/// A step across the image, −1…1, in pixels.
Value step_in_pixels(Value step, const ImageShape& image) {
  return affine(step, static_cast<double>(image.height + image.width) / 4, 0);
}

/// The picture's window for points that lie `spacing` pixels apart and reach `width` pixels far, around a centre in
/// −1…1.
Window window_of(Value x, Value y, Value spacing, Value width, const ImageShape& image, int size) {
  return {concat(std::array{in_pixels(x, image.width), in_pixels(y, image.height), spacing, width}), size};
}

class Read final : public ReadMode {
 public:
  using Options = ::Options;

  Read(const Options& options, const ReadSetup& setup)
      : options_(options),
        image_(setup.image),
        patch_size_(setup.image_count * image_.channels * options_.size * options_.size),
        map_(map_layer(setup.parameters, setup.state_size)) {}

  std::int64_t patch_size() const override { return patch_size_; }

  ReadResult read(Tape&, std::span<const Value> images, Value state) const override {
    const AffineMap map(map_(state));
    std::vector<Value> patches;
    for (const Value& image : images) patches.push_back(options_.sample(image, map, options_.size, options_.size));
    const Value spacing = step_in_pixels(affine(mean_scale(map), 2.0 / options_.size, 0), image_);
    const Value width = state.tape().constant(spacing.shape(), 0.5);  // a point sees its neighbours
    return {concat(patches), window_of(map.s, map.t, spacing, width, image_, options_.size)};
  }

 private:
  Options options_;
  ImageShape image_;
  std::int64_t patch_size_;
  Linear map_;
};

class Write final : public WriteMode {
 public:
  using Options = ::Options;

  Write(const Options& options, const WriteSetup& setup)
      : options_(options),
        image_(setup.image),
        map_(map_layer(setup.parameters, setup.state_size)),
        patch_(setup.parameters, "patch", setup.state_size, image_.channels * options_.size * options_.size) {}

  WriteResult write(Tape&, Value state) const override {
    const AffineMap map(map_(state));
    const std::int64_t rows = state.shape().rows();
    const Value patch = reshape(patch_(state), {rows, image_.channels, options_.size, options_.size});
    const Value update = options_.sample(patch, map, image_.height, image_.width);
    return {reshape(update, {rows, image_.channels, image_.height, image_.width}), shown(map)};
  }

 private:
  /// Where the patch's middle came to lie: the inverse map, which a nearly singular one has not; there the middle of
  /// the image is shown.
  Window shown(const AffineMap& map) const {
    const Value determinant = sub(mul(map.a, map.d), mul(map.b, map.c));
    const Value inverse = div(determinant, affine(mul(determinant, determinant), 1, 1e-6));
    const Value x = mul(sub(mul(map.b, map.t), mul(map.d, map.s)), inverse);
    const Value y = mul(sub(mul(map.c, map.s), mul(map.a, map.t)), inverse);
    const Value inverse_scale = mul(mean_scale(map), sqrt(affine(mul(inverse, inverse), 1, 1e-12)));
    const Value spacing = step_in_pixels(affine(inverse_scale, 2.0 / options_.size, 0), image_);
    // A pixel of the patch is painted as a tent that ends where the next one stands.
    return window_of(x, y, spacing, affine(spacing, 0.5, 0), image_, options_.size);
  }

  Options options_;
  ImageShape image_;
  Linear map_;
  Linear patch_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Read, Write>(
    {"spatial_transformer", "1.0.0", "An affine window: reads an image and paints a patch by bilinear sampling",
     "Jaderberg et al. 2015, equations 1 and 5 (arXiv 1506.02025); writing as in Eslami et al. 2016 (arXiv "
     "1603.08575)"}));
