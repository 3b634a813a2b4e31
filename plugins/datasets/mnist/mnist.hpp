#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/options.hpp"

#include "../binarization.hpp"
#include "amat.hpp"
#include "idx.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace drawlab::mnist {

struct MnistOptions {
  Binarization binarization = Binarization::fixed;
  std::string path;

  void declare(OptionTable& table);
};

/// The number of samples in the files; only tests use other numbers than the published ones.
struct SplitSizes {
  std::int64_t train = 50000;
  std::int64_t validation = 10000;  // the last images of the IDX training file
  std::int64_t test = 10000;
};

/// MNIST, 28×28: the original IDX files with labels, or the published fixed binarisation without labels.
class Mnist final : public Dataset {
 public:
  using Options = MnistOptions;

  Mnist(const Options& options, const DatasetContext& context) : Mnist(options, context, SplitSizes{}) {}
  Mnist(const Options& options, const DatasetContext& context, const SplitSizes& sizes);
  static std::vector<DatasetFile> files(const Options& options);

  const DatasetInfo& info() const override { return info_; }
  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override;

 private:
  struct Grey {
    IdxFile train_images, train_labels, test_images, test_labels;
  };
  using Fixed = std::vector<BitImages>;  // by Split

  void open_grey(const Options& options, const DatasetContext& context, const SplitSizes& sizes);
  void open_fixed(const Options& options, const DatasetContext& context, const SplitSizes& sizes);

  DatasetInfo info_;
  Binarization binarization_;
  std::uint64_t seed_;
  std::variant<Grey, Fixed> data_;
};

}  // namespace drawlab::mnist
