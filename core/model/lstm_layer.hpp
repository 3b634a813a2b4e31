#pragma once

#include "drawlab/parameters.hpp"
#include "drawlab/tape.hpp"

#include "model/model_options.hpp"
#include "ops/normalized_lstm.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace drawlab {

/// An LSTM with its linear layers and its learned initial state (equations 5 and 7).
class LstmLayer {
 public:
  /// Plain: parameters NAME.gates.weight [4h, in + h], NAME.gates.bias [4h].
  /// Normalised: those of NormalizedLstm with the prefix NAME.
  /// Both: NAME.h0 [h] and NAME.cell0 [h], which start at 0. Weights and biases start uniform in ±1/√h, the weights of
  /// h itself as `options` say.
  LstmLayer(const ParameterScope& scope, std::string_view name, std::int64_t in, const ModelOptions& options);

  struct State {
    Value h;     // [B,h]
    Value cell;  // [B,h]
  };
  State start(Tape& tape, std::int64_t rows) const;
  /// One step on the inputs side by side, at most 4; a plain layer appends h to them.
  State step(std::span<const Value> inputs, const State& before) const;

 private:
  std::optional<Linear> gates_;  // plain
  std::optional<NormalizedLstm> normalized_;
  Parameter h0_;
  Parameter cell0_;
};

}  // namespace drawlab
