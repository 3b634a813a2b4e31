#include "arena.hpp"

#include "aligned_buffer.hpp"

#include <algorithm>

namespace drawlab {

namespace {

/// The first block is small, for tapes of a few operations; the others fill huge pages.
constexpr std::size_t kFirstBlock = std::size_t{256} << 10;
constexpr std::size_t kBlock = std::size_t{8} << 20;

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

Arena::~Arena() {
  for (const Block& block : blocks_) free_pages(block.memory, block.size);
}

void* Arena::allocate(std::size_t bytes) {
  bytes = round_up(std::max<std::size_t>(bytes, 1), kCacheLine);
  while (current_ < blocks_.size() && offset_ + bytes > blocks_[current_].size) {
    ++current_;
    offset_ = 0;
  }
  if (current_ == blocks_.size()) {
    const bool small = blocks_.empty() && bytes <= kFirstBlock;
    const std::size_t size = small ? kFirstBlock : round_up(std::max(bytes, kBlock), kHugePage);
    blocks_.push_back({static_cast<std::byte*>(allocate_pages(size)), size});
    held_ += size;
  }
  void* const result = blocks_[current_].memory + offset_;
  offset_ += bytes;
  used_ += bytes;
  return result;
}

void Arena::reset() {
  current_ = 0;
  offset_ = 0;
  used_ = 0;
}

}  // namespace drawlab
