#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <span>
#include <utility>

namespace drawlab {

/// Numbers on a 64-byte boundary, zero where never written; grows and keeps what it held.
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
    T* const data = size == 0 ? nullptr : static_cast<T*>(::operator new(size * sizeof(T), kAlignment));
    const std::size_t kept = size < size_ ? size : size_;
    if (kept > 0) std::memcpy(data, data_, kept * sizeof(T));
    if (size > kept) std::memset(data + kept, 0, (size - kept) * sizeof(T));
    release();
    data_ = data;
    size_ = size;
  }
  /// At least `size`, old content not kept.
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
  static constexpr std::align_val_t kAlignment{64};
  void release() {
    if (data_ != nullptr) ::operator delete(data_, kAlignment);
  }
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace drawlab
