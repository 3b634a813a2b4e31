#pragma once

#include "drawlab/dataset.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace drawlab::cluttered_mnist {

/// Another dataset's images as bytes in memory, asked for in blocks when one of them is first needed. Pixels are kept
/// in 256 levels, which is all that digits have. Safe to use from many threads.
class SourceImages {
 public:
  explicit SourceImages(std::unique_ptr<Dataset> source);

  const DatasetInfo& info() const { return source_->info(); }
  /// [H,W], 0…255. Throws what the source throws.
  std::span<const std::uint8_t> pixels(Split split, std::int64_t index) const;
  std::int32_t label(Split split, std::int64_t index) const;

 private:
  struct Block {
    std::once_flag filled;
    std::vector<std::uint8_t> pixels;
    std::vector<std::int32_t> labels;
  };
  const Block& block_of(Split split, std::int64_t index) const;
  void fill(Split split, std::int64_t first, Block& block) const;

  std::unique_ptr<Dataset> source_;
  std::array<std::unique_ptr<Block[]>, 3> blocks_;  // by Split
};

}  // namespace drawlab::cluttered_mnist
