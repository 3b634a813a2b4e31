#pragma once

#include "drawlab/error.hpp"

#include "system/child_process.hpp"

#include <sys/mman.h>

#include <functional>
#include <type_traits>

namespace drawlab {

/// A value in memory that this process shares with its children; all zero at first.
template <class T>
class SharedMemory {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  /// Throws SystemError if there is no memory.
  SharedMemory() : memory_(::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) throw SystemError("no memory to share with another process");
  }
  ~SharedMemory() { ::munmap(memory_, sizeof(T)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  T& operator*() const { return *static_cast<T*>(memory_); }
  T* operator->() const { return static_cast<T*>(memory_); }

 private:
  void* memory_;
};

/// Calls a function in a forked copy of this process, so that a crash ends the copy alone. The result is its exit code;
/// an exception is exit code 1. Throws SystemError if the process cannot be forked.
ProcessEnd run_isolated(const std::function<int()>& function);

}  // namespace drawlab
