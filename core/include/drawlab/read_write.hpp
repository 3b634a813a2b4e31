#pragma once

#include "drawlab/parameters.hpp"
#include "drawlab/shape.hpp"
#include "drawlab/tape.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace drawlab {

/// Where a mode looked or wrote, per sample: a grid of N×N filters, in pixels; pixel centres are 1…A and 1…B. It is
/// shown in pictures and never changes the result.
struct Window {
  Value center;  // [B,2]: x and y of the grid's centre
  /// [B,1]: the distance of neighbouring filters, for a grid along the image's axes. Or [B,4], for any other: x and y
  /// of the step to the next filter of a row, then x and y of the step to the next filter of a column. A grid turned
  /// by the angle φ has the steps (cos φ·δ_x, sin φ·δ_x) and (−sin φ·δ_y, cos φ·δ_y).
  Value steps;
  Value width;               // [B,1]: standard deviation of each filter
  std::int64_t filters = 1;  // along each side, N; the grid's sides are N − 1 steps long
};

struct ReadResult {
  Value patch;  // [B,R], R = patch_size()
  std::optional<Window> window;
};

struct WriteResult {
  Value update;  // [B,C,H,W], added to the canvas
  std::optional<Window> window;
};

/// What the constructor of a read mode gets. It creates all parameters; later calls create none.
struct ReadSetup {
  ParameterScope parameters;
  ImageShape image;
  std::int64_t state_size;   // of the hidden state that controls the mode
  std::int64_t image_count;  // 2 to generate (x and x_hat), 1 to classify (x)
};

struct WriteSetup {
  ParameterScope parameters;
  ImageShape image;
  std::int64_t state_size;
};

/// read of equation 4. Several threads call one object, each with a tape of its own, so a mode keeps no state between
/// calls. `state.tape()` is the tape of a call.
class ReadMode {
 public:
  virtual ~ReadMode() = default;
  /// R, the count of numbers read per sample.
  virtual std::int64_t patch_size() const = 0;
  /// images: image_count values [B,C,H,W]; state: [B,state_size].
  virtual ReadResult read(std::span<const Value> images, Value state) const = 0;
};

/// write of equation 8. Threads and state as for ReadMode.
class WriteMode {
 public:
  virtual ~WriteMode() = default;
  /// state: [B,state_size], h_dec_t.
  virtual WriteResult write(Value state) const = 0;
};

}  // namespace drawlab
