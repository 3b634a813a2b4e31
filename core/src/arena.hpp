#pragma once

#include <cstddef>
#include <vector>

namespace drawlab {

/// Memory handed out from front to back in blocks; reset() takes everything back at once and keeps the blocks.
class Arena {
 public:
  Arena() = default;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  /// 64-byte aligned, uninitialised.
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

}  // namespace drawlab
