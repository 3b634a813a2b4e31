#include "drawlab/error.hpp"

#include "results/pictures/drawing_sheet.hpp"
#include "results/pictures/grid.hpp"
#include "results/pictures/png.hpp"
#include "results/pictures/window.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace drawlab::results {
namespace {

using testing::Each;
using testing::ElementsAre;

constexpr Color kBlack{0, 0, 0};
constexpr Color kWhite{255, 255, 255};

Drawing drawing_of(std::int64_t glimpses, std::int64_t count, ImageShape shape, float value) {
  Drawing drawing;
  drawing.image = shape;
  drawing.count = count;
  drawing.glimpses = glimpses;
  drawing.frames.assign(static_cast<std::size_t>(glimpses * count * shape.count()), value);
  return drawing;
}

struct Box {
  int left = 1 << 20, top = 1 << 20, right = -1, bottom = -1;
  bool operator==(const Box&) const = default;
};

Box box_of(const Pixels& picture, Color color) {
  Box box;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (picture.at(x, y) != color) continue;
      box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x), std::max(box.bottom, y)};
    }
  }
  return box;
}

TEST(Png, DecodesToTheSamePixels) {
  for (const int channels : {1, 3}) {
    Pixels pixels(13, 7, channels, kBlack);
    for (std::size_t i = 0; i < pixels.values.size(); ++i) pixels.values[i] = static_cast<std::uint8_t>(i * 37);
    EXPECT_EQ(decode_png(encode_png(pixels)), pixels);
  }
}

TEST(Png, HasTheSameBytesForTheSamePicture) {
  const Pixels pixels(40, 30, 3, {1, 2, 3});
  const auto bytes = encode_png(pixels);
  EXPECT_EQ(bytes, encode_png(pixels));
  const std::string text(bytes.begin(), bytes.end());
  EXPECT_EQ(text.find("tIME"), std::string::npos);
  EXPECT_EQ(text.find("tEXt"), std::string::npos);
}

TEST(Png, RefusesBytesThatAreCutOrNoPicture) {
  auto bytes = encode_png(Pixels(40, 30, 1, kWhite));
  EXPECT_THROW(decode_png(std::span(bytes).first(bytes.size() / 2)), DataError);
  EXPECT_THROW(decode_png(std::vector<std::uint8_t>(100, 7)), DataError);
}

TEST(PictureGrid, PutsEachImageAtItsPlace) {
  const ImageShape shape{1, 2, 3};
  std::vector<float> images(3 * 6, 0.0F);
  for (std::size_t i = 0; i < 3; ++i) images[i * 6] = static_cast<float>(i + 1) * 0.2F;
  GridOptions options;
  options.columns = 2;
  options.gap = 1;
  options.scale = 2;
  options.background = {9, 9, 9};
  const Pixels grid = picture_grid(images, shape, options);
  EXPECT_EQ(grid.width, 1 + 2 * 7);
  EXPECT_EQ(grid.height, 1 + 2 * 5);
  EXPECT_EQ(grid.channels, 1);
  EXPECT_EQ(grid.at(0, 0).red, 9);
  EXPECT_EQ(grid.at(1, 1).red, 51);
  EXPECT_EQ(grid.at(2, 2).red, 51) << "each pixel is a square";
  EXPECT_EQ(grid.at(3, 1).red, 0);
  EXPECT_EQ(grid.at(8, 1).red, 102);
  EXPECT_EQ(grid.at(1, 6).red, 153);
  EXPECT_EQ(grid.at(8, 6).red, 9) << "the place of the fourth image stays empty";
}

TEST(PictureGrid, KeepsColours) {
  const std::vector<float> image = {1, 0, 0.5F, 0, 0, 1};  // [3,1,2]
  GridOptions options;
  options.gap = 0;
  options.scale = 1;
  const Pixels grid = picture_grid(image, {3, 1, 2}, options);
  EXPECT_EQ(grid.at(0, 0), (Color{255, 128, 0}));
  EXPECT_EQ(grid.at(1, 0), (Color{0, 0, 255}));
}

TEST(PictureGrid, ClipsWhatIsNoGreyLevel) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> image = {std::nanf(""), -1, 2, infinity, -infinity};
  GridOptions options;
  options.gap = 0;
  options.scale = 1;
  EXPECT_THAT(picture_grid(image, {1, 1, 5}, options).values, ElementsAre(0, 0, 255, 255, 0));
}

TEST(PictureGrid, OfManySamplesIsAboutSquareAndLargeEnough) {
  const auto image = samples_image(drawing_of(2, 64, {1, 28, 28}, 0.5F), 7);
  const Pixels grid = decode_png(image.bytes);
  EXPECT_EQ(grid.width, 8 * 58 + 2);
  EXPECT_EQ(grid.height, 8 * 58 + 2);
  EXPECT_EQ(image.kind, "samples");
  EXPECT_EQ(image.epoch, 7);
  EXPECT_EQ(image.caption, "64 samples after 2 glimpses");
}

TEST(Reconstructions, FillTheirRowsWhereTheyCan) {
  Drawing drawing = drawing_of(1, 16, {1, 28, 28}, 0.0F);
  drawing.originals.assign(16 * 28 * 28, 1.0F);
  const Pixels grid = decode_png(reconstructions_image(drawing, 1).bytes);
  EXPECT_EQ(grid.width, 8 * 58 + 2);
  EXPECT_EQ(grid.height, 4 * 58 + 2);
}

TEST(Reconstructions, StandBelowTheirOriginals) {
  Drawing drawing = drawing_of(3, 2, {1, 28, 28}, 0.0F);
  drawing.originals.assign(2 * 28 * 28, 1.0F);
  const Pixels grid = decode_png(reconstructions_image(drawing, 1).bytes);
  EXPECT_EQ(grid.width, 2 * 58 + 2);
  EXPECT_EQ(grid.height, 2 * 58 + 2);
  EXPECT_EQ(grid.at(10, 10), kWhite);
  EXPECT_EQ(grid.at(70, 10), kWhite);
  EXPECT_EQ(grid.at(10, 70), kBlack);
  drawing.originals.clear();
  EXPECT_THROW(reconstructions_image(drawing, 1), ShapeError);
}

/// A window along the image's axes.
WindowBox upright(float center_x, float center_y, float spacing, float sigma) {
  return {center_x, center_y, spacing, 0, 0, spacing, sigma};
}

// With all parameters 0 the patch covers the image: centre 14.5 of 1…28, N = 2 filters 27 apart, on pixels 1 and 28.
TEST(WindowOutline, OfTheWholeImageRunsThroughTheMiddleOfItsFirstAndLastPixels) {
  constexpr int kScale = 4;
  const WindowOutline outline = window_outline(upright(14.5F, 14.5F, 27, 0), 2, kScale);
  EXPECT_DOUBLE_EQ(outline.center_x - outline.sides[0].distance, 0.5 * kScale);
  EXPECT_DOUBLE_EQ(outline.center_x + outline.sides[0].distance, 27.5 * kScale);
  EXPECT_DOUBLE_EQ(outline.center_y - outline.sides[1].distance, 0.5 * kScale);
  EXPECT_DOUBLE_EQ(outline.center_y + outline.sides[1].distance, 27.5 * kScale);
  EXPECT_EQ(outline.thickness, 1);
}

TEST(WindowOutline, IsDrawnAtTheRightPixels) {
  constexpr int kScale = 4;
  const ImageShape shape{1, 20, 28};
  Pixels picture(28 * kScale, 20 * kScale, 3, kBlack);
  // Filters at 8, 10, 12 across and 3, 5, 7 down: pixel 8's middle is 7.5 pixels from the edge, pixel 12's 11.5.
  const WindowOutline outline = window_outline(upright(10, 5, 2, 0), 3, kScale);
  draw_windows(picture, 0, 0, shape, kScale, &outline, nullptr);
  EXPECT_EQ(box_of(picture, kReadColor), (Box{30, 10, 45, 25}));
  for (const auto& [x, y] : {std::pair(30, 18), std::pair(45, 18), std::pair(38, 10), std::pair(38, 25)}) {
    EXPECT_EQ(picture.at(x, y), kReadColor) << x << " " << y;
  }
  EXPECT_EQ(picture.at(38, 18), kBlack) << "the middle stays free";
  EXPECT_EQ(box_of(picture, kWriteColor), Box{});
}

TEST(WindowOutline, GrowsThickerWithSigma) {
  int before = 0;
  for (const float sigma : {0.0F, 1.0F, 2.0F, 4.0F}) {
    const int thickness = window_outline(upright(14, 14, 4, sigma), 3, 3).thickness;
    EXPECT_GT(thickness, before);
    before = thickness;
  }
  EXPECT_EQ(window_outline(upright(14, 14, 4, 1000), 3, 3).thickness, 9);
  EXPECT_EQ(window_outline(upright(14, 14, 4, std::nanf("")), 3, 3).thickness, 1);
}

TEST(WindowOutline, IsClippedAtTheImagesEdge) {
  constexpr int kScale = 4;
  Pixels picture(60, 60, 3, kBlack);
  const WindowOutline outline = window_outline(upright(1, 1, 6, 1), 3, kScale);
  const WindowOutline far_away = window_outline(upright(1e30F, -1e30F, 6, 1), 3, kScale);
  draw_windows(picture, 10, 10, {1, 10, 10}, kScale, &outline, &far_away);
  const Box box = box_of(picture, kReadColor);
  EXPECT_GE(box.left, 10);
  EXPECT_GE(box.top, 10);
  EXPECT_LT(box.right, 50);
  EXPECT_EQ(box_of(picture, kWriteColor), Box{});
}

/// The image as text, '#' where the outline is drawn.
std::vector<std::string> drawn(const WindowBox& window, std::int64_t filters, const ImageShape& image) {
  Pixels picture(static_cast<int>(image.width), static_cast<int>(image.height), 3, kBlack);
  const WindowOutline outline = window_outline(window, filters, 1);
  draw_windows(picture, 0, 0, image, 1, &outline, nullptr);
  std::vector<std::string> lines;
  for (int y = 0; y < picture.height; ++y) {
    lines.emplace_back();
    for (int x = 0; x < picture.width; ++x) lines.back() += picture.at(x, y) == kReadColor ? '#' : '.';
  }
  return lines;
}

TEST(WindowOutline, OfAWindowLargerThanThePictureRunsAlongItsEdge) {
  EXPECT_THAT(drawn(upright(3, 2.5F, 50, 0), 2, {1, 4, 5}), ElementsAre("#####", "#...#", "#...#", "#####"));
}

TEST(WindowOutline, IsClosedAlongTheEdgeThatItReachesBeyond) {
  // From 5 to 15 across, 0 to 10 down.
  EXPECT_THAT(drawn(upright(10, 5, 10, 0), 2, {1, 12, 8}),
              ElementsAre("....####", "....#..#", "....#..#", "....#..#", "....#..#", "....#..#", "....#..#",
                          "....#..#", "....#..#", "....####", "........", "........"));
}

TEST(WindowOutline, HasItsOwnStrideOnEachAxis) {
  // Three filters: from 2 to 8 across and from 3 to 5 down.
  EXPECT_THAT(drawn({5, 4, 3, 0, 0, 1, 0}, 3, {1, 7, 9}),
              ElementsAre(".........", ".........", ".#######.", ".#.....#.", ".#######.", ".........", "........."));
}

TEST(WindowOutline, TurnsWithItsSteps) {
  // Turned by 45 degrees: the corners lie 4 pixels from the centre on the axes.
  EXPECT_THAT(drawn({6, 6, 4, 4, -4, 4, 0}, 2, {1, 11, 11}),
              ElementsAre("...........", ".....#.....", "....#.#....", "...#...#...", "..#.....#..", ".#.......#.",
                          "..#.....#..", "...#...#...", "....#.#....", ".....#.....", "..........."));
}

TEST(WindowOutline, OfACollapsedWindowIsAThinRectangle) {
  EXPECT_THAT(drawn({5, 3, 6, 0, 3, 0, 0}, 2, {1, 5, 9}),
              ElementsAre(".........", ".........", ".#######.", ".........", "........."));
}

TEST(WindowOutline, OfOneFilterShowsItsPixel) {
  const WindowOutline outline = window_outline(upright(5, 5, 100, 0), 1, 4);
  EXPECT_EQ(outline.center_x - outline.sides[0].distance, 16);
  EXPECT_EQ(outline.center_x + outline.sides[0].distance, 20);
}

TEST(WindowOutline, ShowsBothColoursWhereTwoWindowsCoincide) {
  Pixels picture(112, 112, 3, kBlack);
  const WindowOutline outline = window_outline(upright(14.5F, 14.5F, 10, 1), 2, 4);
  draw_windows(picture, 0, 0, {1, 28, 28}, 4, &outline, &outline);
  EXPECT_NE(box_of(picture, kReadColor), Box{});
  EXPECT_NE(box_of(picture, kWriteColor), Box{});
}

TEST(DrawingSheet, ShowsTheFirstAndTheLastGlimpseOfMany) {
  EXPECT_THAT(shown_glimpses(4, 16), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(shown_glimpses(64, 8), ElementsAre(1, 10, 19, 28, 37, 46, 55, 64));
  EXPECT_THAT(shown_glimpses(64, 1), ElementsAre(64));
  EXPECT_THAT(shown_glimpses(1, 16), ElementsAre(1));
}

TEST(DrawingSheet, HasARowForEachPictureAndAColumnForEachGlimpse) {
  Drawing drawing = drawing_of(3, 2, {1, 28, 28}, 0.0F);
  // The second picture turns white at the last glimpse.
  std::fill(drawing.frames.end() - 28 * 28, drawing.frames.end(), 1.0F);
  const Pixels sheet = drawing_sheet(drawing);
  EXPECT_EQ(sheet.width, 4 + 3 * 88);
  EXPECT_EQ(sheet.height, 4 + 2 * 88);
  EXPECT_EQ(box_of(sheet, kWhite), (Box{4 + 2 * 88, 4 + 88, 4 + 2 * 88 + 83, 4 + 88 + 83}));
  EXPECT_EQ(sheet_caption(drawing), "the canvas after each of 3 glimpses");
}

TEST(DrawingSheet, StartsWithTheOriginalWhereThereIsOne) {
  Drawing drawing = drawing_of(2, 1, {1, 28, 28}, 0.0F);
  drawing.originals.assign(28 * 28, 1.0F);
  const Pixels sheet = drawing_sheet(drawing);
  EXPECT_EQ(box_of(sheet, kWhite), (Box{4, 4, 4 + 83, 4 + 83}));
  EXPECT_EQ(sheet.at(4 + 84 + 16, 10), kBlack);
}

TEST(DrawingSheet, DrawsEachGlimpsesWindowsOnItsFrame) {
  Drawing drawing = drawing_of(2, 2, {1, 28, 28}, 0.0F);
  drawing.read_filters = 2;
  drawing.read_windows.assign(4, upright(-1000, -1000, 1, 0));
  drawing.read_windows[3] = upright(14.5F, 14.5F, 5, 0);  // glimpse 2 of the second picture
  const Pixels sheet = drawing_sheet(drawing);
  // 12…17 across: their middles lie 11.5 and 16.5 image pixels, 34.5 and 49.5 of the sheet, from the frame's corner.
  const int left = 4 + 88;
  EXPECT_EQ(box_of(sheet, kReadColor), (Box{left + 34, left + 34, left + 49, left + 49}));
}

TEST(DrawingSheet, SaysWhatItShows) {
  Drawing drawing = drawing_of(64, 4, {1, 8, 8}, 0.0F);
  drawing.originals.assign(4 * 64, 0.0F);
  drawing.read_windows.resize(256);
  drawing.write_windows.resize(256);
  SheetOptions options;
  options.columns = 4;
  options.first = 3;
  EXPECT_EQ(sheet_caption(drawing, options),
            "the original, then the canvas after glimpses 1, 22, 43, 64 of 64; read window red, write window blue");
  EXPECT_EQ(drawing_sheet(drawing, options).height, 4 + 92);
}

TEST(DrawingSheet, OfAClassifierShowsTheImageUnderEachGlimpsesWindow) {
  Drawing drawing = drawing_of(2, 2, {1, 28, 28}, 0.0F);
  drawing.frames.clear();
  drawing.originals.assign(2 * 28 * 28, 1.0F);
  drawing.read_filters = 2;
  drawing.read_windows.assign(4, upright(-1000, -1000, 1, 0));
  drawing.read_windows[2] = upright(14.5F, 14.5F, 5, 0);  // glimpse 2 of the first picture
  drawing.labels = {7, 3};
  drawing.guesses = {7, 5};
  const Pixels sheet = drawing_sheet(drawing);
  const int canvas = 4 + 84 + 16 + 88;
  EXPECT_EQ(box_of(sheet, kReadColor), (Box{canvas + 34, 4 + 34, canvas + 49, 4 + 49}));
  EXPECT_EQ(sheet.at(canvas + 1, 4 + 88 + 1), kWhite);
  EXPECT_EQ(sheet_caption(drawing),
            "the original, then the image at each of 2 glimpses; read window red; labels 7, 3, taken for 7, 5");
}

TEST(DrawingSheet, IsStoredAsASequenceWithTheSameBytesEachTime) {
  const Drawing drawing = drawing_of(5, 2, {3, 32, 32}, 0.3F);
  const ImageRow image = sequence_image(drawing, 4, "drawing_00");
  EXPECT_EQ(image.kind, "sequence");
  EXPECT_EQ(image.format, "png");
  EXPECT_EQ(image.bytes, sequence_image(drawing, 4, "drawing_00").bytes);
  EXPECT_EQ(decode_png(image.bytes).channels, 3);
}

}  // namespace
}  // namespace drawlab::results
