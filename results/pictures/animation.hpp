#pragma once

#include "model/drawing.hpp"
#include "results/pictures/pixels.hpp"

#include <vector>

namespace drawlab::results {

struct AnimationOptions {
  int frame = 84;  // pixels that a picture is at least wide and high
};

/// How pictures came to be, side by side: one frame a glimpse, with the windows as boxes. Where the drawing
/// reconstructs something, each canvas has its original to the left.
std::vector<Pixels> animation_frames(const Drawing& drawing, const AnimationOptions& options = {});

/// How long each frame stays: `delay`, the last one `hold`.
std::vector<int> animation_times(std::size_t frames, int delay, int hold);

}  // namespace drawlab::results
