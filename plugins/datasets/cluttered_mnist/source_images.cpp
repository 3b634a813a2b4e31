#include "source_images.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>

namespace drawlab::cluttered_mnist {

namespace {

constexpr std::int64_t kBlock = 64;  // images

}  // namespace

SourceImages::SourceImages(std::unique_ptr<Dataset> source) : source_(std::move(source)) {
  for (const Split split : kSplits) {
    const auto blocks = static_cast<std::size_t>((info().count(split) + kBlock - 1) / kBlock);
    blocks_[static_cast<std::size_t>(split)] = std::make_unique<Block[]>(blocks);
  }
}

void SourceImages::fill(Split split, std::int64_t first, Block& block) const {
  const std::int64_t count = std::min(kBlock, info().count(split) - first);
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), first);
  std::vector<float> levels(static_cast<std::size_t>(count * info().image.count()));
  block.labels.resize(indices.size());
  source_->fill(split, indices, 0, levels, block.labels);
  block.pixels.resize(levels.size());
  std::transform(levels.begin(), levels.end(), block.pixels.begin(), [](float level) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0F, 1.0F) * 255));
  });
}

const SourceImages::Block& SourceImages::block_of(Split split, std::int64_t index) const {
  Block& block = blocks_[static_cast<std::size_t>(split)][static_cast<std::size_t>(index / kBlock)];
  std::call_once(block.filled, [&] { fill(split, index / kBlock * kBlock, block); });
  return block;
}

std::span<const std::uint8_t> SourceImages::pixels(Split split, std::int64_t index) const {
  const auto size = static_cast<std::size_t>(info().image.count());
  return std::span(block_of(split, index).pixels).subspan(static_cast<std::size_t>(index % kBlock) * size, size);
}

std::int32_t SourceImages::label(Split split, std::int64_t index) const {
  return block_of(split, index).labels[static_cast<std::size_t>(index % kBlock)];
}

}  // namespace drawlab::cluttered_mnist
