#include "model/model.hpp"

#include "drawlab/ops.hpp"

#include <array>
#include <cmath>
#include <string>

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

LstmLayer::LstmLayer(const ParameterScope& scope, std::string_view name, std::int64_t in, std::int64_t hidden)
    : gates_(scope.inside(name), "gates", in + hidden, 4 * hidden, Initial::fan_in(hidden), Initial::fan_in(hidden)),
      h0_(scope.inside(name).add("h0", {hidden}, Initial::zero())),
      cell0_(scope.inside(name).add("cell0", {hidden}, Initial::zero())) {}

LstmLayer::State LstmLayer::start(Tape& tape, std::int64_t rows) const {
  return {repeat_rows(tape.parameter(h0_), rows), repeat_rows(tape.parameter(cell0_), rows)};
}

LstmLayer::State LstmLayer::step(std::span<const Value> inputs, const State& before) const {
  std::array<Value, 5> all;
  if (inputs.size() >= all.size()) throw ShapeError("LstmLayer: more than 4 inputs");
  std::copy(inputs.begin(), inputs.end(), all.begin());
  all[inputs.size()] = before.h;
  const auto [h, cell] =
      lstm(std::span<const Value>(all.data(), inputs.size() + 1), gates_.weight(), gates_.bias(), before.cell);
  return {h, cell};
}

}  // namespace drawlab
