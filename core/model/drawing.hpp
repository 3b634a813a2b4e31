#pragma once

#include "drawlab/shape.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace drawlab {

struct Window;

/// An attention window on one image, in pixels. Pixel centres are 1…A and 1…B as in the paper.
struct WindowBox {
  float center_x = 0;
  float center_y = 0;
  float row_x = 0, row_y = 0;        // the step to the next filter of a row
  float column_x = 0, column_y = 0;  // the step to the next filter of a column
  float sigma = 0;                   // standard deviation of each filter

  bool operator==(const WindowBox&) const = default;
};

/// The windows of a batch, [B]. Throws ShapeError.
std::vector<WindowBox> boxes_of(const Window& window);

/// A side of a window and the one opposite: the points p with |normal·(p − centre)| = distance.
struct WindowSide {
  double normal_x = 0, normal_y = 0;  // of length 1
  double distance = 0;                // pixels
};

/// The sides of a window of N×N filters through its outermost filters: a parallelogram. One whose sides are nearly
/// parallel counts as a rectangle along the longer one.
std::array<WindowSide, 2> sides_of(const WindowBox& box, std::int64_t filters);

/// Images as they were drawn glimpse by glimpse, or the glimpses of a classifier. Values are Bernoulli means in [0,1].
struct Drawing {
  ImageShape image;
  std::int64_t count = 0;                // n
  std::int64_t glimpses = 0;             // T
  std::vector<float> frames;             // [T,n,C,H,W], sigmoid(c_t) for t = 1…T; empty for a classifier
  std::vector<float> originals;          // [n,C,H,W], the reconstructed images; empty for samples
  std::vector<WindowBox> read_windows;   // [T,n], empty if the mode shows none
  std::vector<WindowBox> write_windows;  // [T,n], the same
  std::int64_t read_filters = 0;         // N of the read windows
  std::int64_t write_filters = 0;
  std::vector<std::int32_t> labels;   // [n], classifier only
  std::vector<std::int32_t> guesses;  // [n], the most likely classes, classifier only

  const float* frame(std::int64_t t, std::int64_t sample) const {
    return frames.data() + (t * count + sample) * image.count();
  }
  const float* original(std::int64_t sample) const { return originals.data() + sample * image.count(); }
};

}  // namespace drawlab
