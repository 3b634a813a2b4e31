#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/options.hpp"

#include "preparation.hpp"
#include "prepared.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace drawlab::svhn {

struct SvhnOptions {
  Format format = Format::numbers;
  bool extra = false;
  bool allow_partial = false;
  std::string path;

  void declare(OptionTable& table);
};

/// Street View House Numbers. `numbers`: the box around all digits, widened by 30 % and resized to 64×64, of which
/// 54×54 are shown: a random part in training, the middle otherwise. `digits`: 32×32. The last twentieth of the
/// training images is the validation set.
class Svhn final : public Dataset {
 public:
  using Options = SvhnOptions;

  Svhn(const Options& options, const DatasetContext& context) : Svhn(options, context, PreparationLimits{}) {}
  /// Throws DataError if a file is missing or damaged, or, without `allow_partial`, lists images that are missing.
  Svhn(const Options& options, const DatasetContext& context, const PreparationLimits& limits);
  static std::vector<DatasetFile> files(const Options& options);

  const DatasetInfo& info() const override { return info_; }
  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override;
  /// The digits of a whole number, such as `210`; empty for a single digit, which is its label.
  std::string label_text(Split split, std::int64_t index, std::uint64_t epoch) const override;

  /// The digits of a sample.
  Number number(Split split, std::int64_t index) const;

 private:
  struct Place {
    const PreparedImages* images;
    std::int64_t index;
  };
  Place place_of(Split split, std::int64_t index) const;
  void describe(const std::string& missing);

  Options options_;
  std::uint64_t seed_;
  std::vector<PreparedImages> training_;  // extra, if requested, and train
  PreparedImages test_;
  DatasetInfo info_;
};

}  // namespace drawlab::svhn
