#pragma once

#include "drawlab/options.hpp"

namespace drawlab {

/// The `model` section. The defaults are the paper's MNIST settings (Table 3).
struct ModelOptions {
  int glimpses = 64;  // T
  int hidden = 256;   // h, of both LSTMs
  int latent = 100;   // D, of z
  enum class CanvasStart { zero, data_mean } canvas_start = CanvasStart::zero;
  enum class Normalization { none, layer } normalization = Normalization::none;  // of both LSTMs
  enum class RecurrentStart { uniform, orthogonal } recurrent_start = RecurrentStart::uniform;
  void declare(OptionTable& table);
};

}  // namespace drawlab
