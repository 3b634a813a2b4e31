#pragma once

#include "model/drawing.hpp"
#include "results/pictures/pixels.hpp"

#include <cstdint>
#include <vector>

namespace drawlab::results {

struct AnimationOptions {
  int frame = 84;  // smallest width and height of a picture in pixels
};

/// The width and height of the frames and their number, before anything is drawn.
struct AnimationSize {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t frames = 0;
};
AnimationSize animation_size(const ImageShape& image, std::int64_t count, std::int64_t glimpses, bool has_originals,
                             const AnimationOptions& options = {});

/// Shows how pictures were drawn, side by side: one frame per glimpse, with the windows as boxes. If the drawing
/// reconstructs something, each canvas has its original on the left.
std::vector<Pixels> animation_frames(const Drawing& drawing, const AnimationOptions& options = {});

/// How long each frame is shown: `delay`, but `hold` for the last one.
std::vector<int> animation_times(std::size_t frames, int delay, int hold);

}  // namespace drawlab::results
