#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstring>
#include <new>
#include <span>
#include <utility>

namespace drawlab {

inline constexpr std::size_t kCacheLine = 64;
inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

/// Memory on huge pages if it fills at least one: far fewer misses of the address cache, and the processor prefetches
/// within a page only. Free it with free_pages().
inline void* allocate_pages(std::size_t bytes) {
  if (bytes < kHugePage) return ::operator new (bytes, std::align_val_t{kCacheLine});
  const std::size_t whole = (bytes + kHugePage - 1) / kHugePage * kHugePage;
  void* const memory = ::operator new (whole, std::align_val_t{kHugePage});
  madvise(memory, whole, MADV_HUGEPAGE);  // an error is harmless
  return memory;
}
inline void free_pages(void* memory, std::size_t bytes) {
  ::operator delete (memory, std::align_val_t{bytes < kHugePage ? kCacheLine : kHugePage});
}

/// Numbers on a 64-byte boundary, initially zero; resize() keeps what it held.
template <class T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size) { resize(size); }
  AlignedBuffer(AlignedBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~AlignedBuffer() { release(); }

  void resize(std::size_t size) {
    if (size == size_) return;
    T* const data = size == 0 ? nullptr : static_cast<T*>(allocate_pages(size * sizeof(T)));
    const std::size_t kept = size < size_ ? size : size_;
    if (kept > 0) std::memcpy(data, data_, kept * sizeof(T));
    if (size > kept) std::memset(data + kept, 0, (size - kept) * sizeof(T));
    release();
    data_ = data;
    size_ = size;
  }
  /// Makes room for at least `size` numbers; the content is lost if it grows.
  void reserve_at_least(std::size_t size) {
    if (size > size_) {
      release();
      data_ = nullptr;
      size_ = 0;
      resize(size);
    }
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::span<T> span() { return {data_, size_}; }
  std::span<const T> span() const { return {data_, size_}; }

 private:
  void release() {
    if (data_ != nullptr) free_pages(data_, size_ * sizeof(T));
  }
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace drawlab
