#pragma once

#include "drawlab/tape.hpp"

#include "aligned_buffer.hpp"
#include "kernels/products.hpp"
#include "part_clock.hpp"

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

/// Inputs and output gradients of several calls of one linear layer, row under row, as what the products multiply.
struct RowChunk {
  void* x;
  void* d_y;
  std::int64_t rows;
  std::int64_t capacity;
  std::int64_t waiting;  // rows that the way back has not come to yet
};

/// A gradient's memory that nobody needs any more.
struct FreeMemory {
  void* memory;
  std::size_t bytes;
};

struct Tape::Impl {
  Arena arena;
  AlignedBuffer<std::byte> scratch;
  kernels::Products products;
  const kernels::PackedWeights* packed = nullptr;
  std::vector<RowChunk*> chunks;  // the one being filled, by the weight's parameter index
  std::vector<FreeMemory> free_gradients;
  bool walked_back = false;  // backward() ran since the last reset()
  PartClock clock;

  bool multiplies_bf16() const { return packed != nullptr && packed->precision() == kernels::ProductPrecision::bf16; }
};

}  // namespace drawlab
