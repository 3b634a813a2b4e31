#include "drawlab/ops.hpp"
#include "drawlab/plugin.hpp"

#include "sampling.hpp"

#include <array>
#include <vector>

namespace {

using namespace drawlab;

struct Options {
  int size = 7;

  void declare(OptionTable& table) { table.integer("size", size, 1, 64, "points along each side of the patch, N"); }
};

/// Near the identity at first, so that training starts from the whole image.
Linear map_layer(const ParameterScope& scope, std::int64_t state_size) {
  return {scope, "map", state_size, 6, Initial::uniform(0.01), Initial::zero()};
}

/// −1…1 across the image in pixels 1…size.
Value in_pixels(Value place, std::int64_t size) {
  return affine(place, static_cast<double>(size) / 2, (static_cast<double>(size) + 1) / 2);
}

/// The centre [B,2] of a window whose middle is (x, y), −1…1 across the image.
Value center_of(Value x, Value y, const ImageShape& image) {
  return concat(std::array{in_pixels(x, image.width), in_pixels(y, image.height)});
}

/// The steps [B,4] of an N×N grid over −1…1 that the map (a, b; c, d) takes to the image.
Value steps_of(Value a, Value b, Value c, Value d, const ImageShape& image, int size) {
  const double x = static_cast<double>(image.width) / size;
  const double y = static_cast<double>(image.height) / size;
  return concat(std::array{affine(a, x, 0), affine(c, y, 0), affine(b, x, 0), affine(d, y, 0)});
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

  ReadResult read(std::span<const Value> images, Value state) const override {
    const int n = options_.size;
    const AffineMap map = map_of(map_(state));
    std::vector<Value> patches;
    for (const Value& image : images) patches.push_back(sample(image, map, n, n));
    const Value width = state.tape().constant(map.s.shape(), 0.5);  // a point sees the pixels beside it
    const Value steps = steps_of(map.a, map.b, map.c, map.d, image_, n);
    return {concat(patches), Window{center_of(map.s, map.t, image_), steps, width, n}};
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

  WriteResult write(Value state) const override {
    const AffineMap map = map_of(map_(state));
    const std::int64_t rows = state.shape().rows();
    const Value patch = reshape(patch_(state), {rows, image_.channels, options_.size, options_.size});
    const Value update = sample(patch, map, image_.height, image_.width);
    return {reshape(update, {rows, image_.channels, image_.height, image_.width}), shown(map)};
  }

 private:
  /// The patch on the canvas: the inverse map. If that does not exist, the middle of the image is shown.
  Window shown(const AffineMap& map) const {
    const Value determinant = map.a * map.d - map.b * map.c;
    const Value inverse = div(determinant, affine(determinant * determinant, 1, 1e-6));
    const Value x = (map.b * map.t - map.d * map.s) * inverse;
    const Value y = (map.c * map.s - map.a * map.t) * inverse;
    const Value minus = affine(inverse, -1, 0);
    const Value steps = steps_of(map.d * inverse, map.b * minus, map.c * minus, map.a * inverse, image_, options_.size);
    // A pixel of the patch is painted as a tent that ends at the next pixel: half of the mean step.
    const Value squares = sum_rows(steps * steps);
    return {center_of(x, y, image_), steps, sqrt(affine(squares, 0.125, 1e-12)), options_.size};
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
