#pragma once

#include "drawlab/parameters.hpp"
#include "drawlab/shape.hpp"
#include "drawlab/tape.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace drawlab {

/// Where a mode looked or wrote, per sample; it feeds pictures only, never the result.
struct Window {
  /// [B,4]: centre x, centre y, spacing and standard deviation of the filters, in pixels; pixel centres are 1…A and
  /// 1…B.
  Value geometry;
  /// Filters along each side, N: the window's extent is (N − 1)·spacing.
  std::int64_t filters = 1;
};

struct ReadResult {
  Value patch;  // [B,R], R = patch_size()
  std::optional<Window> window;
};

struct WriteResult {
  Value update;  // [B,C,H,W], added to the canvas
  std::optional<Window> window;
};

/// What a mode is told when it is made. Parameters are created once, in the constructor.
struct ReadSetup {
  ParameterScope parameters;
  ImageShape image;
  std::int64_t state_size;   // of the hidden state that steers
  std::int64_t image_count;  // 2 to generate (x and x_hat), 1 to classify (x)
};

struct WriteSetup {
  ParameterScope parameters;
  ImageShape image;
  std::int64_t state_size;
};

/// read of equation 4. Const and without state of its own: several threads call one object, each with its own tape.
class ReadMode {
 public:
  virtual ~ReadMode() = default;
  /// R, the numbers read per sample.
  virtual std::int64_t patch_size() const = 0;
  /// images: image_count values [B,C,H,W]; state: [B,state_size].
  virtual ReadResult read(Tape& tape, std::span<const Value> images, Value state) const = 0;
};

/// write of equation 8.
class WriteMode {
 public:
  virtual ~WriteMode() = default;
  /// state: [B,state_size], h_dec_t.
  virtual WriteResult write(Tape& tape, Value state) const = 0;
};

}  // namespace drawlab
