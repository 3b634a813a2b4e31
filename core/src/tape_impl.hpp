#pragma once

#include "drawlab/tape.hpp"

#include "aligned_buffer.hpp"
#include "kernels/products.hpp"

#include <cstddef>
#include <vector>

namespace drawlab {

/// Blocks of memory that are handed out from front to back, all at once taken back, and kept.
class Arena {
 public:
  Arena() = default;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  /// 64-byte aligned.
  void* allocate(std::size_t bytes);
  void reset();
  std::size_t bytes_used() const { return used_; }
  std::size_t bytes_held() const { return held_; }

 private:
  struct Block {
    std::byte* memory;
    std::size_t size;
  };
  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t offset_ = 0;
  std::size_t used_ = 0;
  std::size_t held_ = 0;
};

/// Inputs and output gradients of many calls of one linear layer, row under row.
struct RowChunk {
  void* x;
  void* d_y;
  std::int64_t rows;
  std::int64_t capacity;
  std::size_t bias;  // the bias parameter's index: one weight may serve with several
  RowChunk* next;
};

/// All chunks of one weight in a pass.
struct RowCollector {
  RowChunk* first = nullptr;
  RowChunk* last = nullptr;
};

struct Tape::Impl {
  Arena arena;
  AlignedBuffer<std::byte> scratch;
  kernels::Products products;
  const kernels::PackedWeights* packed = nullptr;
  std::vector<RowCollector> collectors;  // by parameter index
};

}  // namespace drawlab
