#pragma once

#include "drawlab/random.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace drawlab {

/// A stream in the words of Philox: its key, and the counter words above the block number.
struct StreamAddress {
  std::array<std::uint32_t, 2> key;
  std::array<std::uint32_t, 3> counter;
};
StreamAddress stream_address(const RandomKey& key);

namespace kernels {

/// Standard normals; value i comes from block i/4 of the stream, whatever the length.
void fill_normal(const StreamAddress& address, std::span<float> values);

}  // namespace kernels
}  // namespace drawlab
