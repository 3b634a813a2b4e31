#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/options.hpp"
#include "drawlab/random.hpp"

#include "../svhn_shapes.hpp"
#include "scene.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace drawlab::house_numbers {

/// Raised whenever the same options may give other images than before; part of the dataset's checksum.
inline constexpr int kGeneratorVersion = 2;

struct HouseNumbersOptions {
  Format format = Format::numbers;
  std::int64_t seed = 1;
  std::int64_t train = 50000;
  std::int64_t validation = 5000;
  std::int64_t test = 5000;

  void declare(OptionTable& table);
};

/// Numbers on walls in SVHN's two formats. `numbers`: 64×64 around one to five digits, of which 54×54 are shown: a
/// random part in training, the middle otherwise; the label is the count of digits minus one. `digits`: 32×32 around
/// one digit and the edges of its neighbours; the label is the digit. A sample depends only on (seed, split, index);
/// its crop in training also on the epoch.
class HouseNumbers final : public Dataset {
 public:
  using Options = HouseNumbersOptions;

  HouseNumbers(const Options& options, const DatasetContext& context);
  static std::vector<DatasetFile> files(const Options&) { return {}; }
  static std::vector<DatasetRequest> sources(const Options& options);

  const DatasetInfo& info() const override { return info_; }
  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override;

  /// The digits of a whole number, such as `210`; empty for a single digit, which is its label.
  std::string label_text(Split split, std::int64_t index, std::uint64_t epoch) const override;

 private:
  struct Digits {
    std::vector<float> glyphs;  // [count,28,28]
    std::vector<std::int32_t> values;
  };
  Random scene_stream(Split split, std::int64_t index) const;
  Digits draw_digits(Split split, int count, Random& random) const;
  std::int32_t draw_number(Split split, Random& random, Scene& scene) const;
  std::int32_t draw_digit(Split split, Random& random, Scene& scene) const;

  Options options_;
  std::unique_ptr<Dataset> source_;
  DatasetInfo info_;
};

}  // namespace drawlab::house_numbers
