#include "drawlab/ops.hpp"
#include "drawlab/plugin.hpp"

namespace {

using namespace drawlab;

/// 1/(1 + (narrowness·(a − mu_i))²)/Z for all filters of one axis; [B,N,pixels], rows sum to 1.
Value filters(Value center, Value delta, Value narrowness, int count, std::int64_t pixels) {
  std::vector<double> steps;
  steps.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) steps.push_back(i - (count - 1) / 2.0);
  const Value z = mul_column(pixel_distances(add_column(outer(delta, steps), center), pixels), narrowness);
  const Value one = z.tape().constant(z.shape(), 1);
  return normalize(div(one, one + z * z));
}

struct CauchyFilters {
  Value x, y, gamma;  // filters [B,N,W] and [B,N,H]; intensity [B,1]
  Window window;

  /// p [B,5]: place, and logarithms of width, stride and intensity, held where every number stays finite.
  CauchyFilters(Value p, int size, const ImageShape& image) : gamma(exp(clamp(slice(p, 4, 1), -20, 20))) {
    const Value center_x = affine(clamp(slice(p, 0, 1), -100, 100), image.width / 2.0, (image.width + 1) / 2.0);
    const Value center_y = affine(clamp(slice(p, 1, 1), -100, 100), image.height / 2.0, (image.height + 1) / 2.0);
    const Value width = exp(clamp(slice(p, 2, 1), -6, 6));
    const Value delta = affine(exp(clamp(slice(p, 3, 1), -6, 6)), 1.0 * image.width / size, 0);
    const Value narrowness = div(delta.tape().constant(width.shape(), 1), width);
    x = filters(center_x, delta, narrowness, size, image.width);
    y = filters(center_y, delta, narrowness, size, image.height);
    window = {concat(std::vector{center_x, center_y}), delta, width, size};
  }
};

struct Read final : ReadMode {
  struct Options {
    int size = 5;
    void declare(OptionTable& table) { table.integer("size", size, 1, 64, "filters along each side of the patch, N"); }
  };
  Read(const Options& options, const ReadSetup& given) : size(options.size), setup(given) {}
  std::int64_t patch_size() const override { return setup.image_count * setup.image.channels * size * size; }
  ReadResult read(std::span<const Value> images, Value state) const override {
    const CauchyFilters filters(window(state), size, setup.image);
    std::vector<Value> seen;
    for (Value x : images) seen.push_back(matmul(matmul(filters.y, x), filters.x, Transpose::no, Transpose::yes));
    return {mul_column(concat(seen), filters.gamma), filters.window};
  }
  int size;
  ReadSetup setup;
  Linear window{setup.parameters, "window", setup.state_size, 5};
};

struct Write final : WriteMode {
  using Options = Read::Options;
  Write(const Options& options, const WriteSetup& given) : size(options.size), setup(given) {}
  WriteResult write(Value state) const override {
    const CauchyFilters filters(window(state), size, setup.image);
    const Value strokes = mul_column(patch(state), filters.gamma);
    const Shape square = {state.shape().rows(), setup.image.channels, size, size};
    return {matmul(matmul(filters.y, reshape(strokes, square), Transpose::yes), filters.x), filters.window};
  }
  int size;
  WriteSetup setup;
  Linear window{setup.parameters, "window", setup.state_size, 5};
  Linear patch{setup.parameters, "patch", setup.state_size, (setup.image.channels * size * size)};
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Read, Write>({"cauchy", "1.0.0", "A movable grid of heavy-tailed filters",
                                                          "Gregor et al. 2015, with the Cauchy density"}));
