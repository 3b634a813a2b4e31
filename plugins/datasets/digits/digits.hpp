#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/options.hpp"

#include "../binarization.hpp"
#include "handwriting.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace drawlab::digits {

struct DigitsOptions {
  Binarization binarization = Binarization::threshold;
  std::int64_t seed = 1;
  std::int64_t train = 50000;
  std::int64_t validation = 10000;
  std::int64_t test = 10000;

  void declare(OptionTable& table);
};

/// Handwriting-like digits, 28×28 grey, labelled, each drawn on request: its grey levels depend only on (seed, split,
/// index), so different seeds, splits and indices give different digits, and nothing is kept in memory.
class Digits final : public Dataset {
 public:
  using Options = DigitsOptions;

  Digits(const Options& options, const DatasetContext& context);
  static std::vector<DatasetFile> files(const Options&) { return {}; }

  const DatasetInfo& info() const override { return info_; }
  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override;

 private:
  DatasetInfo info_;
  Handwriting handwriting_;
  Binarization binarization_;
  std::uint64_t seed_;      // of the digits
  std::uint64_t run_seed_;  // of pixels drawn from grey levels
};

}  // namespace drawlab::digits
