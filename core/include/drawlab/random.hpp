#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace drawlab {

/// What a random number is for; numbers of different purposes never share a key.
enum class Purpose : std::uint32_t {
  parameters = 1,         // initial weights
  order = 2,              // the order of an epoch's samples
  latent_training = 3,    // epsilon of equation 6 in training
  latent_evaluation = 4,  // the same in evaluation: no epoch in its key
  generation = 5,         // z of the prior
  binarization = 6,       // pixels drawn from grey levels
  data = 7,               // a dataset's own composition
};

/// The counter-based generator Philox4x32-10 (Salmon et al. 2011): a pure function of key and counter.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// A stream of random numbers that depends on (seed, purpose, a, b, c) alone, never on threads or the order of calls.
/// By habit a is the epoch or step, b the sample's index, c whatever else tells two streams apart (a glimpse).
class Random {
 public:
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t a = 0, std::uint64_t b = 0, std::uint32_t c = 0);

  std::uint32_t next();
  /// Uniform in [0, 1), 24 bits.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform among 0 … count − 1, without bias; count ≥ 1.
  std::uint32_t below(std::uint32_t count);
  /// Standard normal, by Box and Muller.
  double normal();

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
  double spare_normal_ = 0;
  bool has_spare_normal_ = false;
};

/// A stream's address, for filling many numbers at once.
struct RandomKey {
  std::uint64_t seed = 0;
  Purpose purpose = Purpose::data;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint32_t c = 0;
};

/// Fills `values` with standard normals that depend on the key and the position alone.
void fill_normal(const RandomKey& key, std::span<float> values);

}  // namespace drawlab
