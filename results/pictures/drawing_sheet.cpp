#include "results/pictures/drawing_sheet.hpp"

#include "results/pictures/grid.hpp"
#include "results/pictures/png.hpp"
#include "results/pictures/window.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::results {

namespace {

constexpr int kGap = 4;
constexpr int kOriginalGap = 16;  // sets the original apart from the canvases
constexpr Color kBackground{96, 96, 96};

std::int64_t shown_pictures(const Drawing& drawing, const SheetOptions& options) {
  const std::int64_t left = std::max<std::int64_t>(0, drawing.count - options.first);
  return options.count > 0 ? std::min(options.count, left) : left;
}

int sheet_scale(const ImageShape& image, const SheetOptions& options) {
  return scale_for(image, std::max(options.frame, 56));
}

SheetLayout layout_of(const Drawing& drawing, const SheetOptions& options) {
  return sheet_layout(drawing.image, shown_pictures(drawing, options), drawing.glimpses, !drawing.originals.empty(),
                      options);
}

/// `; labels 7, 2, taken for 7, 3`, from the top row down.
std::string guesses_text(const Drawing& drawing, const SheetOptions& options) {
  std::string labels;
  std::string guesses;
  const std::int64_t rows = shown_pictures(drawing, options);
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto sample = static_cast<std::size_t>(options.first + row);
    labels += (row == 0 ? "" : ", ") + std::to_string(drawing.labels[sample]);
    guesses += (row == 0 ? "" : ", ") + std::to_string(drawing.guesses[sample]);
  }
  return "; labels " + labels + ", taken for " + guesses;
}

}  // namespace

void draw_glimpse(Pixels& picture, int left, int top, const Drawing& drawing, std::int64_t t, std::int64_t sample,
                  int scale) {
  const bool has_canvas = !drawing.frames.empty();
  paste(picture, left, top, has_canvas ? drawing.frame(t, sample) : drawing.original(sample), drawing.image, scale);
  const auto index = static_cast<std::size_t>(t * drawing.count + sample);
  WindowOutline read;
  WindowOutline write;
  const bool has_read = index < drawing.read_windows.size();
  const bool has_write = index < drawing.write_windows.size();
  if (has_read) read = window_outline(drawing.read_windows[index], drawing.read_filters, scale);
  if (has_write) write = window_outline(drawing.write_windows[index], drawing.write_filters, scale);
  draw_windows(picture, left, top, drawing.image, scale, has_read ? &read : nullptr, has_write ? &write : nullptr);
}

std::vector<std::int64_t> shown_glimpses(std::int64_t glimpses, int columns) {
  std::vector<std::int64_t> shown;
  const std::int64_t count = std::min<std::int64_t>(glimpses, std::max(columns, 1));
  for (std::int64_t i = 0; i < count; ++i) {
    // One column alone shows the finished picture.
    const double share = count == 1 ? 1.0 : static_cast<double>(i) / static_cast<double>(count - 1);
    shown.push_back(1 + std::llround(share * static_cast<double>(glimpses - 1)));
  }
  return shown;
}

SheetLayout sheet_layout(const ImageShape& image, std::int64_t rows, std::int64_t glimpses, bool has_originals,
                         const SheetOptions& options) {
  const int scale = sheet_scale(image, options);
  SheetLayout layout;
  layout.has_original = has_originals;
  layout.width = static_cast<int>(image.width) * scale;
  layout.height = static_cast<int>(image.height) * scale;
  layout.glimpses = shown_glimpses(glimpses, options.columns);
  layout.of = glimpses;
  if (has_originals) layout.lefts.push_back(kGap);
  const int first_canvas = kGap + (has_originals ? layout.width + kOriginalGap : 0);
  for (std::size_t column = 0; column < layout.glimpses.size(); ++column) {
    layout.lefts.push_back(first_canvas + static_cast<int>(column) * (layout.width + kGap));
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    layout.tops.push_back(kGap + static_cast<int>(row) * (layout.height + kGap));
  }
  return layout;
}

SheetSize sheet_size(const SheetLayout& layout) {
  const auto end = [](const std::vector<int>& starts, int length) {
    return kGap + (starts.empty() ? 0 : starts.back() + length);
  };
  return {end(layout.lefts, layout.width), end(layout.tops, layout.height)};
}

Pixels drawing_sheet(const Drawing& drawing, const SheetOptions& options) {
  const SheetLayout layout = layout_of(drawing, options);
  const SheetSize size = sheet_size(layout);
  const int scale = sheet_scale(drawing.image, options);
  Pixels sheet(static_cast<int>(size.width), static_cast<int>(size.height), 3, kBackground);
  for (std::size_t row = 0; row < layout.tops.size(); ++row) {
    const std::int64_t sample = options.first + static_cast<std::int64_t>(row);
    const int top = layout.tops[row];
    auto left = layout.lefts.begin();
    if (layout.has_original) paste(sheet, *left++, top, drawing.original(sample), drawing.image, scale);
    for (const std::int64_t glimpse : layout.glimpses) {
      draw_glimpse(sheet, *left++, top, drawing, glimpse - 1, sample, scale);
    }
  }
  return sheet;
}

std::string sheet_caption(const Drawing& drawing, const SheetOptions& options) {
  const std::vector<std::int64_t> glimpses = shown_glimpses(drawing.glimpses, options.columns);
  std::string caption = drawing.originals.empty() ? "" : "the original, then ";
  caption += drawing.frames.empty() ? "the image at " : "the canvas after ";
  if (static_cast<std::int64_t>(glimpses.size()) == drawing.glimpses) {
    caption += "each of " + std::to_string(drawing.glimpses) + " glimpses";
  } else {
    caption += "glimpses ";
    for (std::size_t i = 0; i < glimpses.size(); ++i) caption += (i == 0 ? "" : ", ") + std::to_string(glimpses[i]);
    caption += " of " + std::to_string(drawing.glimpses);
  }
  if (!drawing.read_windows.empty()) caption += "; read window red";
  if (!drawing.write_windows.empty())
    caption += drawing.read_windows.empty() ? "; write window blue" : ", write window blue";
  if (!drawing.guesses.empty()) caption += guesses_text(drawing, options);
  return caption;
}

ImageRow sequence_image(const Drawing& drawing, std::int64_t epoch, const std::string& name,
                        const SheetOptions& options) {
  return {"sequence",
          name,
          "png",
          sheet_caption(drawing, options),
          epoch,
          encode_png(drawing_sheet(drawing, options)),
          layout_of(drawing, options)};
}

}  // namespace drawlab::results
