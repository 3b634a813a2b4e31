#pragma once

#include "model/drawing.hpp"
#include "results/pictures/pixels.hpp"
#include "results/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace drawlab::results {

struct SheetOptions {
  std::int64_t first = 0;  // the first picture of the drawing that is shown
  std::int64_t count = 0;  // how many; 0: all from the first on
  int columns = 16;        // glimpses at most
  int frame = 84;          // pixels that a frame is at least wide and high
};

/// The glimpses that a sheet shows, 1-based: all, or `columns` spread evenly with the first and the last.
std::vector<std::int64_t> shown_glimpses(std::int64_t glimpses, int columns);

/// How pictures came to be: a row a picture, a column a glimpse with its canvas and windows; where the drawing
/// reconstructs something, the original comes first.
Pixels drawing_sheet(const Drawing& drawing, const SheetOptions& options = {});
/// `glimpses 1, 5, …, 64 of 64; read window red, write window blue`.
std::string sheet_caption(const Drawing& drawing, const SheetOptions& options = {});

/// The sheet as an image of kind `sequence`.
ImageRow sequence_image(const Drawing& drawing, std::int64_t epoch, const std::string& name,
                        const SheetOptions& options = {});

}  // namespace drawlab::results
