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

/// Memory in the arena: a gradient's that nobody needs any more, for one.
struct ArenaMemory {
  void* memory;
  std::size_t bytes;
};

/// Threads without work of their own, which take over parts of what a tape has to compute.
class IdleThreads {
 public:
  IdleThreads() = default;
  IdleThreads(const IdleThreads&) = delete;
  IdleThreads& operator=(const IdleThreads&) = delete;
  virtual ~IdleThreads() = default;
  /// Calls task(index, products) for every index below `count`, each with the products of the thread that runs it, and
  /// waits. An exception of a task is thrown here. To be called by a thread that has a tape.
  template <class Task>
  void share(std::int64_t count, const Task& task) {
    share_each(count, {&task, [](const void* called, std::int64_t index, kernels::Products& products) {
                         (*static_cast<const Task*>(called))(index, products);
                       }});
  }

 protected:
  struct Call {
    const void* task;
    void (*call)(const void* task, std::int64_t index, kernels::Products& products);
  };
  virtual void share_each(std::int64_t count, const Call& task) = 0;
};

struct Tape::Impl {
  Arena arena;
  AlignedBuffer<std::byte> scratch;
  kernels::Products products;
  const kernels::PackedWeights* packed = nullptr;
  IdleThreads* idle_threads = nullptr;
  std::vector<kernels::RowChunk*> chunks;  // the latest, by the weight's parameter index
  std::vector<ArenaMemory> free_gradients;
  ArenaMemory zeros{nullptr, 0};  // the most that was asked for in this pass
  bool walked_back = false;       // backward() ran since the last reset()
  PartClock clock;

  bool multiplies_bf16() const { return packed != nullptr && packed->precision() == kernels::ProductPrecision::bf16; }
};

}  // namespace drawlab
