#pragma once

#include <cstdint>

namespace drawlab {

/// Where a gradient goes: its numbers are written if `fresh`, else added to. `to` is null if no gradient is needed.
template <class T>
struct Into {
  T* to = nullptr;
  bool fresh = false;

  explicit operator bool() const { return to != nullptr; }
  void put(std::int64_t i, T number) const { to[i] = fresh ? number : to[i] + number; }
  /// The part that begins `offset` numbers later.
  Into from(std::int64_t offset) const { return {to + offset, fresh}; }
};

}  // namespace drawlab
