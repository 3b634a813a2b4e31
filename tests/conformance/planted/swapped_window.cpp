// It looks through a window, and shows the place with x and y swapped.
#include "planted.hpp"

#include <array>
#include <vector>

namespace {

using namespace drawlab;

constexpr double kStride = 2;  // pixels between two filters
constexpr double kSigma = 1;   // their standard deviation, pixels
constexpr int kCount = 5;      // filters along each side

class SwappedWindow final : public ReadMode {
 public:
  using Options = NoOptions;

  SwappedWindow(const Options&, const ReadSetup& setup)
      : image_(setup.image),
        patch_size_(setup.image_count * image_.channels * kCount * kCount),
        center_(setup.parameters, "center", setup.state_size, 2) {}

  std::int64_t patch_size() const override { return patch_size_; }

  ReadResult read(std::span<const Value> images, Value state) const override {
    const Value center = center_(state);
    const Value x = in_pixels(slice(center, 0, 1), image_.width);
    const Value y = in_pixels(slice(center, 1, 1), image_.height);
    const Value f_x = filters(x, image_.width);
    const Value f_y = filters(y, image_.height);
    std::vector<Value> patches;
    for (const Value& image : images) {
      patches.push_back(matmul(matmul(f_y, image), f_x, Transpose::no, Transpose::yes));
    }
    const Value stride = state.tape().constant(x.shape(), kStride);
    const Value sigma = state.tape().constant(x.shape(), kSigma);
    return {concat(patches), Window{concat(std::array{y, x}), stride, sigma, kCount}};
  }

 private:
  static Value in_pixels(Value place, std::int64_t size) {
    const double half = (static_cast<double>(size) + 1) / 2;
    return affine(clamp(place, -100, 100), half, half);
  }
  static Value filters(Value center, std::int64_t pixels) {
    std::vector<double> steps;
    for (int i = 0; i < kCount; ++i) steps.push_back(kStride * (i - (kCount - 1) / 2.0));
    const Value ones = center.tape().constant(center.shape(), 1);
    const Value distance = pixel_distances(add_column(outer(ones, steps), center), pixels);
    return softmax(affine(mul(distance, distance), -0.5 / (kSigma * kSigma), 0));
  }

  ImageShape image_;
  std::int64_t patch_size_;
  Linear center_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<SwappedWindow, void>({"swapped_window", "1.0.0", "spoilt for the tests",
                                                                  "none"}));
