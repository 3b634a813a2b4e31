#pragma once

#include "drawlab/shape.hpp"

#include <cstdint>
#include <vector>

namespace drawlab {

/// A window on one image in pixels; pixel centres are 1…A and 1…B as in the paper.
struct WindowBox {
  float center_x = 0;
  float center_y = 0;
  float spacing = 0;  // delta
  float sigma = 0;    // standard deviation of each filter
};

/// How a batch of pictures came to be, glimpse by glimpse, or how a classifier looked at them. Values are Bernoulli
/// means in [0,1].
struct Drawing {
  ImageShape image;
  std::int64_t count = 0;                // n
  std::int64_t glimpses = 0;             // T
  std::vector<float> frames;             // [T,n,C,H,W], sigmoid(c_t) for t = 1…T; empty for a classifier
  std::vector<float> originals;          // [n,C,H,W] where the drawing reconstructs something, else empty
  std::vector<WindowBox> read_windows;   // [T,n], empty where the mode shows none
  std::vector<WindowBox> write_windows;  // [T,n], likewise
  std::int64_t read_filters = 0;         // N of the read windows
  std::int64_t write_filters = 0;
  std::vector<std::int32_t> labels;   // [n], of a classifier's images, else empty
  std::vector<std::int32_t> guesses;  // [n], the classes that it took them for

  const float* frame(std::int64_t t, std::int64_t sample) const {
    return frames.data() + (t * count + sample) * image.count();
  }
  const float* original(std::int64_t sample) const { return originals.data() + sample * image.count(); }
};

}  // namespace drawlab
