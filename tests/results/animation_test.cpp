#include "results/pictures/animation.hpp"

#include "drawlab/error.hpp"

#include "results/pictures/drawing_sheet.hpp"
#include "results/pictures/gif.hpp"
#include "results/pictures/webp.hpp"
#include "results/pictures/window.hpp"

#include <gif_lib.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <webp/demux.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace drawlab::results {
namespace {

using testing::ElementsAre;

/// Pictures whose level is their glimpse's share, with a window that moves to the right.
Drawing moving(std::int64_t glimpses, std::int64_t count, bool reconstructs = false) {
  Drawing drawing;
  drawing.image = {1, 28, 28};
  drawing.count = count;
  drawing.glimpses = glimpses;
  for (std::int64_t t = 0; t < glimpses; ++t) {
    const float level = static_cast<float>(t + 1) / static_cast<float>(glimpses);
    drawing.frames.insert(drawing.frames.end(), static_cast<std::size_t>(count * 784), level);
    for (std::int64_t i = 0; i < count; ++i) {
      drawing.write_windows.push_back({static_cast<float>(5 + 4 * t), 14, 3, 0, 0, 3, 0.5F});
    }
  }
  drawing.write_filters = 3;
  if (reconstructs) drawing.originals.assign(static_cast<std::size_t>(count * 784), 1);
  return drawing;
}

/// A picture with as many colours as it has pixels.
Pixels colourful() {
  Pixels pixels(40, 30, 3, {});
  for (int y = 0; y < 30; ++y) {
    for (int x = 0; x < 40; ++x) {
      pixels.set(x, y,
                 {static_cast<std::uint8_t>(6 * x), static_cast<std::uint8_t>(8 * y),
                  static_cast<std::uint8_t>((x * 53 + y * 101) % 256)});
    }
  }
  return pixels;
}

struct WebpAnimation {
  std::vector<Pixels> frames;
  std::vector<int> milliseconds;
};

WebpAnimation decode_webp_animation(const std::vector<std::uint8_t>& bytes) {
  const WebPData data{bytes.data(), bytes.size()};
  WebPAnimDecoder* const decoder = WebPAnimDecoderNew(&data, nullptr);
  WebpAnimation animation;
  WebPAnimInfo info;
  if (decoder == nullptr || WebPAnimDecoderGetInfo(decoder, &info) == 0) return animation;
  int before = 0;
  int end = 0;
  for (std::uint8_t* rgba = nullptr; WebPAnimDecoderGetNext(decoder, &rgba, &end) != 0; before = end) {
    Pixels& frame = animation.frames.emplace_back(static_cast<int>(info.canvas_width),
                                                  static_cast<int>(info.canvas_height), 3, Color{});
    for (int y = 0; y < frame.height; ++y) {
      for (int x = 0; x < frame.width; ++x, rgba += 4) frame.set(x, y, {rgba[0], rgba[1], rgba[2]});
    }
    animation.milliseconds.push_back(end - before);
  }
  WebPAnimDecoderDelete(decoder);
  return animation;
}

struct Gif {
  int width = 0;
  int height = 0;
  std::vector<Pixels> frames;
  std::vector<int> milliseconds;
  bool repeats = false;
};

Gif decode_gif(const std::vector<std::uint8_t>& bytes) {
  struct Reader {
    const std::vector<std::uint8_t>& bytes;
    std::size_t at = 0;
  } reader{bytes};
  int error = 0;
  GifFileType* file = DGifOpen(
      &reader,
      [](GifFileType* open, GifByteType* into, int count) {
        auto& from = *static_cast<Reader*>(open->UserData);
        const auto taken = std::min(static_cast<std::size_t>(count), from.bytes.size() - from.at);
        std::memcpy(into, from.bytes.data() + from.at, taken);
        from.at += taken;
        return static_cast<int>(taken);
      },
      &error);
  Gif gif;
  if (file == nullptr || DGifSlurp(file) == GIF_ERROR) return gif;
  gif.width = file->SWidth;
  gif.height = file->SHeight;
  for (int i = 0; i < file->ImageCount; ++i) {
    const SavedImage& image = file->SavedImages[i];
    Pixels& frame = gif.frames.emplace_back(image.ImageDesc.Width, image.ImageDesc.Height, 3, Color{});
    for (int y = 0; y < frame.height; ++y) {
      for (int x = 0; x < frame.width; ++x) {
        const GifColorType& color = image.ImageDesc.ColorMap->Colors[image.RasterBits[y * frame.width + x]];
        frame.set(x, y, {color.Red, color.Green, color.Blue});
      }
    }
    GraphicsControlBlock control;
    DGifSavedExtensionToGCB(file, i, &control);
    gif.milliseconds.push_back(control.DelayTime * 10);
  }
  const std::string text(bytes.begin(), bytes.end());
  gif.repeats = text.find(std::string("NETSCAPE2.0\x03\x01\x00\x00", 15)) != std::string::npos;
  DGifCloseFile(file, &error);
  return gif;
}

TEST(Webp, DecodesToTheSamePixelsAndHasTheSameBytesEachTime) {
  const Pixels pixels = colourful();
  const auto bytes = encode_webp(pixels);
  EXPECT_EQ(decode_webp(bytes), pixels);
  EXPECT_EQ(encode_webp(pixels), bytes);
}

TEST(Webp, IsNearWithLossAndHasTheSameBytesEachTime) {
  const Pixels pixels = colourful();
  const auto bytes = encode_webp_lossy(pixels, 80);
  EXPECT_EQ(encode_webp_lossy(pixels, 80), bytes);
  const Pixels back = decode_webp(bytes);
  EXPECT_EQ(back.width, pixels.width);
  EXPECT_NEAR(back.at(20, 15).red, pixels.at(20, 15).red, 40);
}

TEST(Webp, TakesGreyPictures) {
  Pixels grey(9, 5, 1, {77, 77, 77});
  grey.set(3, 2, {200, 200, 200});
  const Pixels back = decode_webp(encode_webp(grey));
  EXPECT_EQ(back.at(0, 0), (Color{77, 77, 77}));
  EXPECT_EQ(back.at(3, 2), (Color{200, 200, 200}));
}

TEST(Webp, RefusesBytesThatAreCutOrNoPicture) {
  auto bytes = encode_webp(colourful());
  EXPECT_THROW(decode_webp(std::span(bytes).first(bytes.size() / 2)), DataError);
  EXPECT_THROW(decode_webp(std::vector<std::uint8_t>(100, 7)), DataError);
}

TEST(Animation, HasAFrameForEachGlimpseWithTheWindowWhereItIs) {
  const auto frames = animation_frames(moving(5, 4));
  ASSERT_EQ(frames.size(), 5U);
  EXPECT_EQ(frames[0].width, 4 + 2 * (84 + 4));
  EXPECT_EQ(frames[0].height, 4 + 2 * (84 + 4));
  for (std::size_t t = 0; t < frames.size(); ++t) {
    // The canvas's level in a corner, and the left side of the box: filters 3 left of the centre, scale 3.
    EXPECT_EQ(frames[t].at(5, 5).red, static_cast<int>(std::lround(255.0 * static_cast<double>(t + 1) / 5)));
    const int left = 4 + static_cast<int>(3 * (5 + 4 * static_cast<int>(t) - 3 - 0.5F));
    EXPECT_EQ(frames[t].at(left, 4 + 3 * 14), kWriteColor) << t;
  }
}

TEST(Animation, KnowsItsSizeBeforeItIsDrawn) {
  for (const bool reconstructs : {false, true}) {
    for (const std::int64_t count : {1, 5, 9}) {
      const Drawing drawing = moving(3, count, reconstructs);
      const auto frames = animation_frames(drawing, {60});
      const AnimationSize size = animation_size(drawing.image, count, 3, reconstructs, {60});
      EXPECT_EQ(size.width, frames[0].width);
      EXPECT_EQ(size.height, frames[0].height);
      EXPECT_EQ(size.frames, 3);
      const Pixels sheet = drawing_sheet(drawing);
      const SheetSize expected = sheet_size(sheet_layout(drawing.image, count, 3, reconstructs));
      EXPECT_EQ(expected.width, sheet.width);
      EXPECT_EQ(expected.height, sheet.height);
    }
  }
}

TEST(Animation, PutsOriginalsToTheLeftOfTheirReconstructions) {
  const auto frames = animation_frames(moving(3, 1, true));
  EXPECT_EQ(frames[0].width, 4 + 2 * 84 + 1 + 4);
  EXPECT_EQ(frames[0].at(10, 10), (Color{255, 255, 255}));
  EXPECT_EQ(frames[0].at(4 + 85 + 1, 6), (Color{85, 85, 85}));
}

TEST(Animation, AsWebpKeepsFramesAndTimes) {
  const auto frames = animation_frames(moving(4, 3));
  const auto times = animation_times(frames.size(), 120, 1500);
  const auto bytes = encode_webp_animation(frames, times);
  const WebpAnimation back = decode_webp_animation(bytes);
  EXPECT_EQ(back.frames, frames);
  EXPECT_THAT(back.milliseconds, ElementsAre(120, 120, 120, 1500));
  EXPECT_EQ(encode_webp_animation(frames, times), bytes);
}

TEST(Animation, AsGifKeepsFramesAndTimes) {
  const auto frames = animation_frames(moving(4, 3));
  const auto times = animation_times(frames.size(), 120, 1500);
  const auto bytes = encode_gif(frames, times);
  const Gif back = decode_gif(bytes);
  EXPECT_EQ(back.width, frames[0].width);
  EXPECT_EQ(back.height, frames[0].height);
  EXPECT_EQ(back.frames, frames);
  EXPECT_THAT(back.milliseconds, ElementsAre(120, 120, 120, 1500));
  EXPECT_TRUE(back.repeats);
  EXPECT_EQ(encode_gif(frames, times), bytes);
}

TEST(Animation, AsGifComesNearToPicturesOfManyColours) {
  const Pixels pixels = colourful();
  const std::vector<Pixels> frames = {pixels};
  const Gif back = decode_gif(encode_gif(frames, std::vector<int>{100}));
  ASSERT_EQ(back.frames.size(), 1U);
  double sum = 0;
  for (std::size_t i = 0; i < pixels.values.size(); ++i) {
    sum += std::abs(int{pixels.values[i]} - int{back.frames[0].values[i]});
  }
  EXPECT_LT(sum / static_cast<double>(pixels.values.size()), 16);
  EXPECT_EQ(encode_gif(frames, std::vector<int>{100}), encode_gif(frames, std::vector<int>{100}));
}

// The filters of equations 19, 20, 25 and 26, written out again: their sum is an image of bright spots, and the box has
// to run through the middle of the outermost.
TEST(Animation, DrawsTheBoxThroughTheOutermostFiltersOfAKnownFilterbank) {
  constexpr int kFilters = 5;
  constexpr int kScale = 4;
  const WindowBox window{13, 16, 4, 0, 0, 4, 0.25F};
  Drawing drawing;
  drawing.image = {1, 30, 28};
  drawing.count = 1;
  drawing.glimpses = 1;
  drawing.frames.assign(840, 0);
  drawing.write_windows = {window};
  drawing.write_filters = kFilters;
  const auto at = [&](float center, int i) { return center + (static_cast<float>(i) - kFilters / 2.0F - 0.5F) * 4; };
  const auto filter = [&](int pixel, float mean) {
    const float distance = static_cast<float>(pixel) - mean;
    return std::exp(-distance * distance / (2 * window.sigma * window.sigma));
  };
  for (int y = 1; y <= 30; ++y) {
    for (int x = 1; x <= 28; ++x) {
      for (int i = 1; i <= kFilters; ++i) {
        for (int j = 1; j <= kFilters; ++j) {
          drawing.frames[static_cast<std::size_t>((y - 1) * 28 + x - 1)] +=
              filter(x, at(window.center_x, i)) * filter(y, at(window.center_y, j));
        }
      }
    }
  }
  Pixels plain(28 * kScale, 30 * kScale, 3, Color{});
  paste(plain, 0, 0, drawing.frame(0, 0), drawing.image, kScale);
  std::array<int, 4> spots = {1000, 1000, -1, -1};
  std::array<int, 4> box = {1000, 1000, -1, -1};
  const auto grow = [](std::array<int, 4>& around, int x, int y) {
    around = {std::min(around[0], x), std::min(around[1], y), std::max(around[2], x), std::max(around[3], y)};
  };
  Pixels drawn = plain;
  draw_glimpse(drawn, 0, 0, drawing, 0, 0, kScale);
  for (int y = 0; y < plain.height; ++y) {
    for (int x = 0; x < plain.width; ++x) {
      if (plain.at(x, y).red > 200) grow(spots, x, y);
      if (drawn.at(x, y) == kWriteColor) grow(box, x, y);
    }
  }
  // A spot is kScale pixels wide; the line of one pixel lies on the inner of its two middle ones.
  EXPECT_THAT(box,
              ElementsAre(spots[0] + kScale / 2, spots[1] + kScale / 2, spots[2] - kScale / 2, spots[3] - kScale / 2));
}

}  // namespace
}  // namespace drawlab::results
