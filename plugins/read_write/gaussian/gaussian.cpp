#include "drawlab/ops.hpp"
#include "drawlab/plugin.hpp"

#include "fused.hpp"
#include "limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace drawlab {
namespace {

constexpr std::int64_t kWindowParameters = 5;

struct GaussianOptions {
  int size = 5;
  double start_sigma = 1;

  void declare(OptionTable& table) {
    table.integer("size", size, 1, kMaxFilters, "filters along each side of the patch, N")
        .real("start_sigma", start_sigma, 0.5, 1000,
              "standard deviation of the filters where their output is 0, so about that before training, in pixels");
  }
};

/// The linear layer's five numbers [B,5], with log sigma² counted from start_sigma.
Value window_parameters(Value output, double start_sigma) {
  if (start_sigma == 1) return output;
  const std::array<Value, 3> parts{slice(output, 0, 2), affine(slice(output, 2, 1), 1, 2 * std::log(start_sigma)),
                                   slice(output, 3, 2)};
  return concat(parts);
}

/// Equation 27: read = gamma·[F_Y x F_Xᵀ, F_Y x_hat F_Xᵀ].
class GaussianRead final : public ReadMode {
 public:
  using Options = GaussianOptions;

  GaussianRead(const Options& options, const ReadSetup& setup)
      : options_(options),
        setup_image_(setup.image),
        image_count_(setup.image_count),
        window_(setup.parameters, "window", setup.state_size, kWindowParameters) {}

  std::int64_t patch_size() const override {
    return image_count_ * setup_image_.channels * options_.size * options_.size;
  }

  ReadResult read(std::span<const Value> images, Value state) const override {
    return gaussian_read(window_parameters(window_(state), options_.start_sigma), images, options_.size);
  }

 private:
  Options options_;
  ImageShape setup_image_;
  std::int64_t image_count_;
  Linear window_;
};

/// Equations 28 and 29: write = F_Yᵀ w F_X/gamma, with five parameters of its own.
class GaussianWrite final : public WriteMode {
 public:
  using Options = GaussianOptions;

  GaussianWrite(const Options& options, const WriteSetup& setup)
      : options_(options),
        image_(setup.image),
        window_(setup.parameters, "window", setup.state_size, kWindowParameters),
        patch_(setup.parameters, "patch", setup.state_size, setup.image.channels * options.size * options.size) {}

  WriteResult write(Value state) const override {
    const Value window = window_parameters(window_(state), options_.start_sigma);
    return gaussian_write(window, patch_(state), image_, options_.size);
  }

 private:
  Options options_;
  ImageShape image_;
  Linear window_;
  Linear patch_;
};

}  // namespace

DRAWLAB_PLUGIN(describe_read_write<GaussianRead, GaussianWrite>(
    {"gaussian", "1.0.0", "A movable N x N grid of Gaussian filters that reads and writes a patch",
     "Gregor et al. 2015, equations 19 to 29 (arXiv 1502.04623)"}));

}  // namespace drawlab
