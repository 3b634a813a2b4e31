#pragma once

#include "model/drawing.hpp"
#include "results/pictures/pixels.hpp"
#include "results/record.hpp"
#include "results/sheet_layout.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace drawlab::results {

struct SheetOptions {
  std::int64_t first = 0;  // the first picture of the drawing that is shown
  std::int64_t count = 0;  // how many; 0: all from the first on
  int columns = 16;        // glimpses at most
  int frame = 84;          // smallest width and height of a frame in pixels
};

/// The glimpses that a sheet shows, 1-based: all, or `columns` of them, evenly spaced, with the first and the last.
std::vector<std::int64_t> shown_glimpses(std::int64_t glimpses, int columns);

/// Draws one canvas with its windows, its upper left corner at (left, top); t counts from 0.
void draw_glimpse(Pixels& picture, int left, int top, const Drawing& drawing, std::int64_t t, std::int64_t sample,
                  int scale);

/// Where a sheet's frames go, before anything is drawn.
SheetLayout sheet_layout(const ImageShape& image, std::int64_t rows, std::int64_t glimpses, bool has_originals,
                         const SheetOptions& options = {});
/// The width and height of such a sheet in pixels.
struct SheetSize {
  std::int64_t width = 0;
  std::int64_t height = 0;
};
SheetSize sheet_size(const SheetLayout& layout);

/// Shows how pictures were drawn: a row per picture, a column per glimpse with its canvas and windows. If the drawing
/// reconstructs something, the first column shows the originals. A classifier has no canvas: its windows are drawn on
/// the image itself.
Pixels drawing_sheet(const Drawing& drawing, const SheetOptions& options = {});
/// `the canvas after glimpses 1, 5, …, 64 of 64; read window red, write window blue`; for a classifier also the labels
/// and its guesses.
std::string sheet_caption(const Drawing& drawing, const SheetOptions& options = {});

/// The sheet and its layout as an image of kind `sequence`.
ImageRow sequence_image(const Drawing& drawing, std::int64_t epoch, const std::string& name,
                        const SheetOptions& options = {});

}  // namespace drawlab::results
