#pragma once

#include "drawlab/parameters.hpp"
#include "drawlab/tape.hpp"

#include <cstdint>
#include <string_view>

namespace drawlab {

/// (x − mean)/√(variance + 1e-5)·gain + shift over each row (Ba, Kiros and Hinton 2016, equation 4);
/// [B,n], gain [n], shift [n] -> [B,n]. Throws ShapeError.
Value layer_norm(Value x, Value gain, Value shift);

/// The same with learned gain (1 at first) and shift (0): parameters NAME.gain and NAME.shift.
class LayerNorm {
 public:
  LayerNorm(const ParameterScope& scope, std::string_view name, std::int64_t n);
  Value operator()(Value x) const;

  const Parameter& gain() const { return gain_; }
  const Parameter& shift() const { return shift_; }

 private:
  Parameter gain_;
  Parameter shift_;
};

}  // namespace drawlab
