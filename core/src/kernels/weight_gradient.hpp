#pragma once

#include <cstdint>

namespace drawlab::kernels {

/// Rows of several calls of one linear layer, one under the other: what the layer was given, and the gradient of what
/// it gave. Numbers of the type that the products multiply.
struct RowChunk {
  void* x;    // [rows,in]
  void* d_y;  // [rows,out]
  std::int64_t rows;
  std::int64_t capacity;
  const RowChunk* earlier;  // the layer's chunk before this one, or null
};

/// A rectangle of a weight's gradient.
struct WeightBlock {
  std::int64_t first_out, outs;
  std::int64_t first_in, ins;
};

/// How many rectangles, and which, cut the gradient of a weight [out,in] for threads to share. They depend on the shape
/// alone, so that the bits do not depend on who computes a block.
class WeightBlocks {
 public:
  /// At most so many outputs and inputs each, or as many as fill whole tiles.
  WeightBlocks(std::int64_t out, std::int64_t in, std::int64_t most_outs, std::int64_t most_ins);
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

/// Numbers that weight_gradient() needs room for, on a cache line.
std::int64_t weight_gradient_room(const WeightBlock& block);

/// d_weight [out,in] += Σ over the chunk and all earlier ones of d_yᵀ·x, inside the block. Every number's sum is made
/// in the order of the chunks, latest first, and of their rows.
void weight_gradient(const RowChunk& latest, const WeightBlock& block, std::int64_t out, std::int64_t in, float* room,
                     float* d_weight);

}  // namespace drawlab::kernels
