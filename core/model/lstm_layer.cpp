#include "model/lstm_layer.hpp"

#include "drawlab/ops.hpp"

#include <algorithm>
#include <array>

namespace drawlab {

LstmLayer::LstmLayer(const ParameterScope& scope, std::string_view name, std::int64_t in, const ModelOptions& options) {
  const ParameterScope inside = scope.inside(name);
  const std::int64_t hidden = options.hidden;
  const Initial start = Initial::fan_in(hidden);
  const Initial recurrent =
      options.recurrent_start == ModelOptions::RecurrentStart::orthogonal ? start.with_orthogonal(hidden) : start;
  if (options.normalization == ModelOptions::Normalization::layer) {
    normalized_.emplace(inside, in, hidden, recurrent);
  } else {
    gates_.emplace(inside, "gates", in + hidden, 4 * hidden, recurrent, start, ParameterKind::lstm_weight);
  }
  h0_ = inside.add("h0", {hidden}, Initial::zero());
  cell0_ = inside.add("cell0", {hidden}, Initial::zero());
}

LstmLayer::State LstmLayer::start(Tape& tape, std::int64_t rows) const {
  return {repeat_rows(tape.parameter(h0_), rows), repeat_rows(tape.parameter(cell0_), rows)};
}

LstmLayer::State LstmLayer::step(std::span<const Value> inputs, const State& before) const {
  std::array<Value, 5> all;
  if (inputs.size() >= all.size()) throw ShapeError("LstmLayer: more than 4 inputs");
  if (normalized_) {
    const auto [h, cell] = normalized_lstm(inputs, before.h, before.cell, *normalized_);
    return {h, cell};
  }
  std::copy(inputs.begin(), inputs.end(), all.begin());
  all[inputs.size()] = before.h;
  const auto [h, cell] =
      lstm(std::span<const Value>(all.data(), inputs.size() + 1), gates_->weight(), gates_->bias(), before.cell);
  return {h, cell};
}

}  // namespace drawlab
