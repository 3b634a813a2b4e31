#pragma once

#include "model/drawing.hpp"
#include "results/pictures/pixels.hpp"
#include "results/store.hpp"

#include <cstdint>
#include <optional>
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

/// One canvas of a drawing with its windows, its upper left corner at (left, top); t counts from 0.
void draw_glimpse(Pixels& picture, int left, int top, const Drawing& drawing, std::int64_t t, std::int64_t sample,
                  int scale);

/// How pictures came to be: a row a picture, a column a glimpse with its canvas and windows; where the drawing
/// reconstructs something, the original comes first. A classifier has no canvas: its windows lie on the image itself.
Pixels drawing_sheet(const Drawing& drawing, const SheetOptions& options = {});
/// The width and height of such a sheet, before anything is drawn.
struct SheetSize {
  std::int64_t width = 0;
  std::int64_t height = 0;
};
SheetSize sheet_size(const ImageShape& image, std::int64_t rows, std::int64_t glimpses, bool has_originals,
                     const SheetOptions& options = {});
/// `the canvas after glimpses 1, 5, …, 64 of 64; read window red, write window blue`; of a classifier also the labels
/// and what they were taken for.
std::string sheet_caption(const Drawing& drawing, const SheetOptions& options = {});

/// Where the frames of a sheet lie, in its pixels.
struct SheetLayout {
  bool has_original = false;  // the first column shows what is reconstructed
  std::vector<int> lefts;     // of the columns, that of the originals included
  std::vector<int> tops;      // of the rows
  int width = 0;              // of a frame
  int height = 0;
};
/// Finds the frames of a sheet by the gaps between them; nothing where the picture is no such sheet.
std::optional<SheetLayout> sheet_layout(const Pixels& sheet);

/// The sheet as an image of kind `sequence`.
ImageRow sequence_image(const Drawing& drawing, std::int64_t epoch, const std::string& name,
                        const SheetOptions& options = {});

}  // namespace drawlab::results
