#include "drawlab/ops.hpp"
#include "drawlab/plugin.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace {

using namespace drawlab;

/// Pixels between two filters of one grid, the sharpest first.
constexpr std::array kStrides = {1, 2, 4};
/// The standard deviation of a filter, in strides: neighbours just overlap.
constexpr double kWidth = 0.5;
/// How far the centre may go, in halves of the image from its middle.
constexpr double kFarthest = 100;

/// exp(−(a − mu_i)²/(2 (kWidth·stride)²))/Z for all filters of one axis; [B,1] -> [B,N,pixels], rows sum to 1.
Value filters(Value center, int stride, int count, std::int64_t pixels) {
  std::vector<double> steps;
  steps.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) steps.push_back(stride * (i - (count - 1) / 2.0));
  const Value ones = center.tape().constant(center.shape(), 1);
  const Value distance = pixel_distances(add_column(outer(ones, steps), center), pixels);
  return softmax(affine(distance * distance, -0.5 / (kWidth * stride * kWidth * stride), 0));
}

class Read final : public ReadMode {
 public:
  struct Options {
    int size = 5;
    void declare(OptionTable& table) { table.integer("size", size, 1, 64, "filters along each side of each grid, N"); }
  };

  Read(const Options& options, const ReadSetup& setup)
      : size_(options.size),
        image_(setup.image),
        patch_size_(static_cast<std::int64_t>(kStrides.size()) * setup.image_count * image_.channels * size_ * size_),
        center_(setup.parameters, "center", setup.state_size, 2) {}

  std::int64_t patch_size() const override { return patch_size_; }

  ReadResult read(std::span<const Value> images, Value state) const override {
    const Value center = clamp(center_(state), -kFarthest, kFarthest);
    const Value x = pixels(slice(center, 0, 1), image_.width);
    const Value y = pixels(slice(center, 1, 1), image_.height);
    std::vector<Value> patches;
    for (const int stride : kStrides) {
      const Value f_x = filters(x, stride, size_, image_.width);
      const Value f_y = filters(y, stride, size_, image_.height);
      for (const Value& image : images) {
        patches.push_back(matmul(matmul(f_y, image), f_x, Transpose::no, Transpose::yes));
      }
    }
    // The pictures show the widest grid, which contains the others.
    const Value delta = state.tape().constant(x.shape(), kStrides.back());
    const Value sigma = state.tape().constant(x.shape(), kWidth * kStrides.back());
    return {concat(patches), Window{concat(std::array{x, y}), delta, sigma, size_}};
  }

 private:
  /// From −1…1 across the image to pixels 1…size.
  static Value pixels(Value place, std::int64_t size) {
    const double half = (static_cast<double>(size) + 1) / 2;
    return affine(place, half, half);
  }

  int size_;
  ImageShape image_;
  std::int64_t patch_size_;
  Linear center_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Read, void>(
    {"foveated", "1.0.0",
     "Reads three grids of Gaussian filters around one centre, sharp in the middle and coarse around it",
     "a differentiable form of the concentric patches of Mnih et al. 2014 (arXiv 1406.6247)"}));
