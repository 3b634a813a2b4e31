#include "drawlab/random.hpp"

#include "kernels/noise.hpp"

#include <cmath>
#include <numbers>

namespace drawlab {

namespace {

// The constants of Philox4x32 (Salmon et al. 2011, table 2).
constexpr std::uint32_t kMultiply0 = 0xD2511F53;
constexpr std::uint32_t kMultiply1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;
constexpr int kRounds = 10;

/// Counter word 0 counts blocks; the rest of the address goes into the key and the other words. a and b are mixed into
/// 64 bits each before use, so that (a, b, c) with any high bits set still makes distinct streams in practice.
std::uint64_t mix(std::uint64_t x) {  // the finaliser of SplitMix64 (Steele et al. 2014), a bijection
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

StreamAddress stream_address(const RandomKey& key) {
  const std::uint64_t seeded = mix(key.seed + 0x9e3779b97f4a7c15ULL * static_cast<std::uint64_t>(key.purpose));
  const std::uint64_t stepped = mix(seeded ^ mix(key.a + 0x632be59bd9b4e019ULL));
  return {{static_cast<std::uint32_t>(stepped), static_cast<std::uint32_t>(stepped >> 32)},
          {static_cast<std::uint32_t>(key.b), static_cast<std::uint32_t>(key.b >> 32), key.c}};
}

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = static_cast<std::uint64_t>(kMultiply0) * counter[0];
    const std::uint64_t product1 = static_cast<std::uint64_t>(kMultiply1) * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

Random::Random(std::uint64_t seed, Purpose purpose, std::uint64_t a, std::uint64_t b, std::uint32_t c) {
  const StreamAddress address = stream_address({seed, purpose, a, b, c});
  key_ = address.key;
  counter_ = {0, address.counter[0], address.counter[1], address.counter[2]};
}

std::uint32_t Random::next() {
  if (used_ == 4) {
    block_ = philox(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[static_cast<std::size_t>(used_++)];
}

double Random::uniform() { return (next() >> 8) * 0x1p-24; }

std::uint32_t Random::below(std::uint32_t count) {
  // Lemire 2019: multiply, and redraw the few values that would favour small results.
  std::uint64_t product = static_cast<std::uint64_t>(next()) * count;
  if (static_cast<std::uint32_t>(product) < count) {
    const std::uint32_t threshold = (0U - count) % count;
    while (static_cast<std::uint32_t>(product) < threshold) product = static_cast<std::uint64_t>(next()) * count;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

double Random::normal() {
  if (has_spare_normal_) {
    has_spare_normal_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2 * std::log((next() + 0.5) * 0x1p-32));
  const double angle = 2 * std::numbers::pi * (next() * 0x1p-32);
  spare_normal_ = radius * std::sin(angle);
  has_spare_normal_ = true;
  return radius * std::cos(angle);
}

void fill_normal(const RandomKey& key, std::span<float> values) { kernels::fill_normal(stream_address(key), values); }

}  // namespace drawlab
