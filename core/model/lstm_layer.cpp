#include "model/lstm_layer.hpp"

#include "drawlab/ops.hpp"

#include <algorithm>
#include <array>

namespace drawlab {

LstmLayer::LstmLayer(const ParameterScope& scope, std::string_view name, std::int64_t in, std::int64_t hidden,
                     bool normalized) {
  const ParameterScope inside = scope.inside(name);
  if (normalized) {
    normalized_.emplace(inside, in, hidden);
  } else {
    gates_.emplace(inside, "gates", in + hidden, 4 * hidden, Initial::fan_in(hidden), Initial::fan_in(hidden));
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
  if (normalized_) return normalized_->step(inputs, before);
  std::copy(inputs.begin(), inputs.end(), all.begin());
  all[inputs.size()] = before.h;
  const auto [h, cell] =
      lstm(std::span<const Value>(all.data(), inputs.size() + 1), gates_->weight(), gates_->bias(), before.cell);
  return {h, cell};
}

LstmLayer::Normalized::Normalized(const ParameterScope& scope, std::int64_t in, std::int64_t hidden)
    : input(scope, "input", in, 4 * hidden, Initial::fan_in(hidden), Initial::fan_in(hidden)),
      recurrent(scope, "recurrent", hidden, 4 * hidden, Initial::fan_in(hidden), Initial::fan_in(hidden)),
      input_norm(scope, "input_norm", 4 * hidden),
      recurrent_norm(scope, "recurrent_norm", 4 * hidden),
      cell_norm(scope, "cell_norm", hidden) {}

LstmLayer::State LstmLayer::Normalized::step(std::span<const Value> inputs, const State& before) const {
  const Value gates = [&] {
    const PartScope part(before.h.tape(), Part::gates);
    return add(input_norm(input(inputs)), recurrent_norm(recurrent(before.h)));
  }();
  const PartScope part(before.h.tape(), Part::gates);
  const std::int64_t h = before.h.shape()[1];
  const Value cell = lstm(gates, before.cell).second;
  const Value output = sigmoid(slice(gates, 3 * h, h));
  return {mul(output, tanh(cell_norm(cell))), cell};
}

}  // namespace drawlab
