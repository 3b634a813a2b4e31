#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/options.hpp"

#include "batch.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace drawlab::cifar10 {

struct Cifar10Options {
  bool allow_partial = false;
  std::string path;

  void declare(OptionTable& table);
};

/// CIFAR-10: the last 5,000 of the training files' 50,000 images are the validation set, the test file is the test set.
/// If only a part is there and that is allowed, a tenth of the training images is the validation set and, without a
/// test file, another tenth the test set.
class Cifar10 final : public Dataset {
 public:
  using Options = Cifar10Options;

  Cifar10(const Options& options, const DatasetContext& context);
  static std::vector<DatasetFile> files(const Options& options);

  const DatasetInfo& info() const override { return info_; }
  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override;

 private:
  struct RecordPlace {
    std::size_t batch;
    std::int64_t record;
  };
  void divide(std::size_t training_batches, bool has_test);

  std::vector<Batch> batches_;
  std::array<std::vector<RecordPlace>, 3> places_;  // by Split
  DatasetInfo info_;
};

}  // namespace drawlab::cifar10
