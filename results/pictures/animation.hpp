#pragma once

#include "model/drawing.hpp"
#include "results/pictures/pixels.hpp"

#include <cstdint>
#include <vector>

namespace drawlab::results {

struct AnimationOptions {
  int frame = 84;  // pixels that a picture is at least wide and high
};

/// The width and height of its frames, and how many there are, before anything is drawn.
struct AnimationSize {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t frames = 0;
};
AnimationSize animation_size(const ImageShape& image, std::int64_t count, std::int64_t glimpses, bool has_originals,
                             const AnimationOptions& options = {});

/// How pictures came to be, side by side: one frame a glimpse, with the windows as boxes. Where the drawing
/// reconstructs something, each canvas has its original to the left.
std::vector<Pixels> animation_frames(const Drawing& drawing, const AnimationOptions& options = {});

/// How long each frame stays: `delay`, the last one `hold`.
std::vector<int> animation_times(std::size_t frames, int delay, int hold);

}  // namespace drawlab::results
