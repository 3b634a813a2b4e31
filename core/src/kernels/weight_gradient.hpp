#pragma once

#include <cstdint>

namespace drawlab::kernels {

/// Rows of several calls of one linear layer, one under the other: its inputs, and the gradients of its outputs.
/// Numbers of the type that the products multiply.
struct RowChunk {
  void* x;    // [rows,in]
  void* d_y;  // [rows,out]
  std::int64_t rows;
  std::int64_t capacity;
  const RowChunk* earlier;  // the layer's chunk before this one, or null
};

/// The size of a linear layer's weight.
struct WeightSize {
  std::int64_t out;
  std::int64_t in;
};

/// A rectangle of a weight's gradient.
struct WeightBlock {
  std::int64_t first_out, outs;
  std::int64_t first_in, ins;
};

/// The rectangles into which the gradient of a weight is cut for threads to share. They depend on the size alone, so
/// that the bits do not depend on the thread that computes a block.
class WeightBlocks {
 public:
  /// Blocks of at most `most_outs` by `most_ins`, or as many as fill whole tiles.
  WeightBlocks(const WeightSize& size, std::int64_t most_outs, std::int64_t most_ins);
  std::int64_t count() const { return out_.count() * in_.count(); }
  WeightBlock operator[](std::int64_t index) const;

 private:
  /// One axis: parts of equal width, but the last.
  struct Axis {
    std::int64_t size, width;
    Axis(std::int64_t n, std::int64_t most, std::int64_t unit);
    std::int64_t count() const { return (size + width - 1) / width; }
  };
  Axis out_, in_;
};

/// Count of numbers that weight_gradient() needs as `room`, aligned to a cache line.
std::int64_t weight_gradient_room(const WeightBlock& block);

/// d_weight [out,in] += Σ d_yᵀ·x over the chunk and all earlier ones, inside the block. Each number is summed in the
/// order of the chunks, latest first, and of their rows.
void weight_gradient(const RowChunk& latest, const WeightBlock& block, const WeightSize& size, float* room,
                     float* d_weight);

}  // namespace drawlab::kernels
