#include "model/model.hpp"

#include "engine.hpp"

#include <type_traits>

namespace drawlab {

Value draw_noise(Tape& tape, const NoiseKey& key, std::span<const std::int64_t> samples, std::int64_t glimpse,
                 std::int64_t size) {
  const PartScope part(tape, Part::latent);
  const auto rows = static_cast<std::int64_t>(samples.size());
  const Value noise = tape.make({rows, size}, false);
  float* const drawn =
      tape.precision() == Precision::f32 ? Tape::data<float>(noise) : tape.allocate<float>(rows * size);
  for (std::int64_t b = 0; b < rows; ++b) {
    fill_normal({key.seed, key.purpose, key.a, static_cast<std::uint64_t>(samples[static_cast<std::size_t>(b)]),
                 static_cast<std::uint32_t>(glimpse)},
                std::span(drawn + b * size, static_cast<std::size_t>(size)));
  }
  tape.visit([&]<class T>(T) {
    const T scale = static_cast<T>(key.scale);
    if (std::is_same_v<T, float> && scale == T(1)) return;
    for (std::int64_t i = 0; i < rows * size; ++i) Tape::data<T>(noise)[i] = scale * static_cast<T>(drawn[i]);
  });
  return noise;
}

}  // namespace drawlab
