#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/options.hpp"
#include "drawlab/random.hpp"

#include "source_images.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace drawlab::cluttered_mnist {

/// Raised whenever the same options may give other pictures than before; part of the dataset's checksum.
inline constexpr int kGeneratorVersion = 1;
inline constexpr std::size_t kMostDigits = 2;  // whole ones on a canvas

struct ClutteredMnistOptions {
  ConfigNode source = ConfigNode::text("mnist");
  int size = 100;
  int digits = 1;
  int distractors = 8;
  int distractor_size = 8;
  bool fresh = true;
  std::int64_t seed = 1;
  std::int64_t train = 0;
  std::int64_t validation = 0;
  std::int64_t test = 0;

  void declare(OptionTable& table);
};

/// A larger canvas with one or two digits of another dataset at random places, among pieces of its other digits. Sample
/// i shows digit i of its split (again from the first, past the last); all else of it depends on (seed, split, epoch,
/// i), on the epoch only in training and where `fresh`.
class ClutteredMnist final : public Dataset {
 public:
  using Options = ClutteredMnistOptions;

  /// Throws ConfigError where the source is no name of a dataset or does not fit the canvas.
  ClutteredMnist(const Options& options, const DatasetContext& context);
  static std::vector<DatasetFile> files(const Options&) { return {}; }
  static std::vector<DatasetRequest> sources(const Options& options);

  const DatasetInfo& info() const override { return info_; }
  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override;
  /// `2+7`, the smaller first, of two digits.
  std::string label_text(Split split, std::int64_t index, std::uint64_t epoch) const override;

 private:
  /// Throws ConfigError at the option that does not fit the source.
  void check_source(const DatasetContext& context) const;
  /// What composes a sample is drawn from it: first the other digit, where there are two.
  Random stream_of(Split split, std::int64_t index, std::uint64_t epoch) const;
  /// The source's digits that a sample shows; with one digit the second counts for nothing.
  std::array<std::int64_t, kMostDigits> digits_of(Split split, std::int64_t index, Random& random) const;
  /// Adds the source's digit `index` at a random place.
  void place_digit(Split split, std::int64_t index, Random& random, std::span<float> canvas) const;
  void place_distractor(Split split, std::int64_t digit, Random& random, std::span<float> canvas) const;
  /// One of the split's digits that is not `digit`.
  std::int64_t another(Split split, std::int64_t digit, Random& random) const;
  std::int32_t label_of(Split split, std::span<const std::int64_t> digits) const;

  Options options_;
  SourceImages source_;
  DatasetInfo info_;
};

}  // namespace drawlab::cluttered_mnist
