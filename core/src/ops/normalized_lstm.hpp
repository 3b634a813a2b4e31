#pragma once

#include "drawlab/parameters.hpp"
#include "drawlab/tape.hpp"

#include "ops/layer_norm.hpp"

#include <cstdint>
#include <span>
#include <utility>

namespace drawlab {

/// The layers of a normalised LSTM with h units and `in` inputs (Ba, Kiros and Hinton 2016, equations 20 to 22).
/// Parameters: input.weight [4h, in], input.bias, input_norm.gain and input_norm.shift [4h], recurrent.weight [4h, h],
/// recurrent.bias, recurrent_norm.gain and recurrent_norm.shift [4h], cell_norm.gain and cell_norm.shift [h].
struct NormalizedLstm {
  /// Weights and biases start uniform in ±1/√h, the recurrent weights as `start` says, gains at 1, shifts at 0.
  NormalizedLstm(const ParameterScope& scope, std::int64_t in, std::int64_t hidden, const Initial& start);

  Linear input;
  Linear recurrent;
  LayerNorm input_norm;
  LayerNorm recurrent_norm;
  LayerNorm cell_norm;
};

/// One step as one operation, which keeps less than half of the memory that single operations would:
/// gates = norm(input(inputs side by side)) + norm(recurrent(h)) in the order i, f, g, o;
/// c = σ(f)·c_previous + σ(i)·tanh(g); h = σ(o)·tanh(norm(c)).
/// Inputs [B,n1], [B,n2], …, h and c_previous [B,h] -> h and c [B,h]. Throws ShapeError.
std::pair<Value, Value> normalized_lstm(std::span<const Value> inputs, Value h, Value c_previous,
                                        const NormalizedLstm& layers);

}  // namespace drawlab
