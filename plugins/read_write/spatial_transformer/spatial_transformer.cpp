#include "drawlab/ops.hpp"
#include "drawlab/plugin.hpp"

#include <array>
#include <vector>

namespace {

using namespace drawlab;

/// An affine map of the plane for each sample: (x, y) -> (a·x + b·y + s, c·x + d·y + t), each [B,1].
struct AffineMap {
  Value a, b, s, c, d, t;

  /// Six numbers in the order of the members, 0 meaning the identity, held where every product stays finite in f32.
  explicit AffineMap(Value parameters) {
    const Value held = clamp(parameters, -100, 100);
    a = affine(slice(held, 0, 1), 1, 1);
    b = slice(held, 1, 1);
    s = slice(held, 2, 1);
    c = slice(held, 3, 1);
    d = affine(slice(held, 4, 1), 1, 1);
    t = slice(held, 5, 1);
  }
};

/// `count` points spread over −1…1, in the middles of as many equal parts.
std::vector<double> spread(std::int64_t count) {
  std::vector<double> points;
  for (std::int64_t i = 0; i < count; ++i) {
    points.push_back((2 * static_cast<double>(i) + 1) / static_cast<double>(count) - 1);
  }
  return points;
}

/// One coordinate of the mapped points of a rows×columns grid over the square −1…1, row by row; [B,rows·columns].
Value mapped(Value along_x, Value along_y, Value shift, std::int64_t rows, std::int64_t columns) {
  std::vector<double> x;
  std::vector<double> y;
  for (const double v : spread(rows)) {
    for (const double u : spread(columns)) {
      x.push_back(u);
      y.push_back(v);
    }
  }
  return add_column(add(outer(along_x, x), outer(along_y, y)), shift);
}

/// max(0, 1 − |p − a|), each pixel's share of a point at p, which −1…1 spreads over pixels 1…size;
/// [B,P] -> [B,P,size].
Value shares(Value points, std::int64_t size) {
  const double half = static_cast<double>(size) / 2;
  const Value distance = pixel_distances(affine(points, half, half + 0.5), size);
  const Value magnitude = add(relu(distance), relu(affine(distance, -1, 0)));
  return relu(affine(magnitude, -1, 1));
}

/// The image seen at the mapped points of a rows×columns grid, bilinearly; [B,C,H,W] -> [B,C·rows·columns].
Value sample(Value image, const AffineMap& map, std::int64_t rows, std::int64_t columns) {
  const Shape& shape = image.shape();
  const std::int64_t points = rows * columns;
  const Value share_x = shares(mapped(map.a, map.b, map.s, rows, columns), shape[3]);
  const Value share_y = shares(mapped(map.c, map.d, map.t, rows, columns), shape[2]);
  const Value lines = matmul(share_x, image, Transpose::no, Transpose::yes);  // [B,C,P,H]
  const std::vector<Value> each_channel(static_cast<std::size_t>(shape[1]), share_y);
  const Value weighted = mul(reshape(lines, {shape[0], shape[1] * points * shape[2]}), concat(each_channel));
  const Value sums = sum_rows(reshape(weighted, {shape[0] * shape[1] * points, shape[2]}));
  return reshape(sums, {shape[0], shape[1] * points});
}

struct Options {
  int size = 7;
  void declare(OptionTable& table) { table.integer("size", size, 1, 64, "points along each side of the patch, N"); }
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

/// The picture's window for points `step` apart (of the square's side 2) around a centre; a point sees its neighbours.
Window window_of(Value x, Value y, Value step, const ImageShape& image, int size) {
  const double half = static_cast<double>(image.height + image.width) / 4;
  const Value width = x.tape().constant(x.shape(), 0.5);
  return {concat(std::array{in_pixels(x, image.width), in_pixels(y, image.height), affine(step, half, 0), width}),
          size};
}

class Read final : public ReadMode {
 public:
  using Options = ::Options;

  Read(const Options& options, const ReadSetup& setup)
      : size_(options.size),
        image_(setup.image),
        patch_size_(setup.image_count * image_.channels * size_ * size_),
        map_(map_layer(setup.parameters, setup.state_size)) {}

  std::int64_t patch_size() const override { return patch_size_; }

  ReadResult read(Tape&, std::span<const Value> images, Value state) const override {
    const AffineMap map(map_(state));
    std::vector<Value> patches;
    for (const Value& image : images) patches.push_back(sample(image, map, size_, size_));
    const Value step = affine(mean_scale(map), 2.0 / size_, 0);
    return {concat(patches), window_of(map.s, map.t, step, image_, size_)};
  }

 private:
  int size_;
  ImageShape image_;
  std::int64_t patch_size_;
  Linear map_;
};

class Write final : public WriteMode {
 public:
  using Options = ::Options;

  Write(const Options& options, const WriteSetup& setup)
      : size_(options.size),
        image_(setup.image),
        map_(map_layer(setup.parameters, setup.state_size)),
        patch_(setup.parameters, "patch", setup.state_size, image_.channels * size_ * size_) {}

  WriteResult write(Tape&, Value state) const override {
    const AffineMap map(map_(state));
    const std::int64_t rows = state.shape().rows();
    const Value patch = reshape(patch_(state), {rows, image_.channels, size_, size_});
    const Value update = sample(patch, map, image_.height, image_.width);
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
    return window_of(x, y, affine(inverse_scale, 2.0 / size_, 0), image_, size_);
  }

  int size_;
  ImageShape image_;
  Linear map_;
  Linear patch_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Read, Write>(
    {"spatial_transformer", "1.0.0", "An affine window: reads an image and paints a patch by bilinear sampling",
     "Jaderberg et al. 2015, equations 1 and 5 (arXiv 1506.02025); writing as in Eslami et al. 2016 (arXiv "
     "1603.08575)"}));
