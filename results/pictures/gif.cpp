#include "results/pictures/gif.hpp"

#include "drawlab/error.hpp"

#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace drawlab::results {

namespace {

constexpr int kMostColors = 256;
constexpr std::array<std::uint8_t, 3> kMasks = {0xFF, 0xFE, 0xFC};

/// A picture by numbers of colours.
struct Indexed {
  std::vector<GifColorType> colors;
  std::vector<GifByteType> pixels;
};

std::uint32_t key_of(Color color, std::uint8_t mask) {
  return static_cast<std::uint32_t>(color.red & mask) << 16 | static_cast<std::uint32_t>(color.green & mask) << 8 |
         static_cast<std::uint32_t>(color.blue & mask);
}

/// Exact where there are few colours, else with the lowest bits of each level left out; nothing where that does not do.
bool index_by_mask(const Pixels& frame, std::uint8_t mask, Indexed& indexed) {
  std::map<std::uint32_t, Color> present;
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x) {
      const Color color = frame.at(x, y);
      present.try_emplace(key_of(color, mask), color);
      if (present.size() > kMostColors) return false;
    }
  }
  std::map<std::uint32_t, GifByteType> numbers;
  for (const auto& [key, color] : present) {
    numbers[key] = static_cast<GifByteType>(indexed.colors.size());
    indexed.colors.push_back({color.red, color.green, color.blue});
  }
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x) indexed.pixels.push_back(numbers[key_of(frame.at(x, y), mask)]);
  }
  return true;
}

Indexed index_by_median_cut(const Pixels& frame) {
  const std::size_t count = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height);
  std::array<std::vector<GifByteType>, 3> planes;
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x) {
      const Color color = frame.at(x, y);
      planes[0].push_back(color.red);
      planes[1].push_back(color.green);
      planes[2].push_back(color.blue);
    }
  }
  Indexed indexed;
  indexed.colors.resize(kMostColors);
  indexed.pixels.resize(count);
  int colors = kMostColors;
  if (GifQuantizeBuffer(static_cast<unsigned>(frame.width), static_cast<unsigned>(frame.height), &colors,
                        planes[0].data(), planes[1].data(), planes[2].data(), indexed.pixels.data(),
                        indexed.colors.data()) == GIF_ERROR) {
    throw Error("GIF: cannot choose the colours of a frame");
  }
  return indexed;
}

Indexed index_colors(const Pixels& frame) {
  for (const std::uint8_t mask : kMasks) {
    Indexed indexed;
    if (index_by_mask(frame, mask, indexed)) return indexed;
  }
  return index_by_median_cut(frame);
}

int append(GifFileType* file, const GifByteType* bytes, int count) {
  auto* const target = static_cast<std::vector<std::uint8_t>*>(file->UserData);
  target->insert(target->end(), bytes, bytes + count);
  return count;
}

void require(int result, const GifFileType* file) {
  if (result == GIF_ERROR) {
    const char* const reason = GifErrorString(file->Error);
    throw Error(std::string("GIF: cannot write the animation: ") + (reason != nullptr ? reason : "unknown reason"));
  }
}

void put_loop(GifFileType* file) {
  require(EGifPutExtensionLeader(file, APPLICATION_EXT_FUNC_CODE), file);
  require(EGifPutExtensionBlock(file, 11, "NETSCAPE2.0"), file);
  constexpr std::array<GifByteType, 3> kForEver = {1, 0, 0};
  require(EGifPutExtensionBlock(file, 3, kForEver.data()), file);
  require(EGifPutExtensionTrailer(file), file);
}

void put_frame(GifFileType* file, const Pixels& frame, int milliseconds) {
  Indexed indexed = index_colors(frame);
  const int size = std::max(2, static_cast<int>(std::bit_ceil(indexed.colors.size())));
  indexed.colors.resize(static_cast<std::size_t>(size));
  const std::unique_ptr<ColorMapObject, void (*)(ColorMapObject*)> map(GifMakeMapObject(size, indexed.colors.data()),
                                                                       GifFreeMapObject);
  if (!map) throw Error("GIF: out of memory");
  const GraphicsControlBlock control{DISPOSE_DO_NOT, false, (milliseconds + 5) / 10, NO_TRANSPARENT_COLOR};
  std::array<GifByteType, 4> extension{};
  EGifGCBToExtension(&control, extension.data());
  require(EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, 4, extension.data()), file);
  require(EGifPutImageDesc(file, 0, 0, frame.width, frame.height, false, map.get()), file);
  for (int y = 0; y < frame.height; ++y) {
    require(EGifPutLine(file, indexed.pixels.data() + static_cast<std::ptrdiff_t>(y) * frame.width, frame.width), file);
  }
}

}  // namespace

std::vector<std::uint8_t> encode_gif(std::span<const Pixels> frames, std::span<const int> milliseconds) {
  DRAWLAB_ASSERT(!frames.empty() && frames.size() == milliseconds.size());
  std::vector<std::uint8_t> bytes;
  int error = 0;
  GifFileType* file = EGifOpen(&bytes, append, &error);
  if (file == nullptr) throw Error("GIF: cannot begin an animation");
  std::unique_ptr<GifFileType, void (*)(GifFileType*)> close(file, [](GifFileType* open) {
    int ignored = 0;
    EGifCloseFile(open, &ignored);
  });
  EGifSetGifVersion(file, true);
  require(EGifPutScreenDesc(file, frames.front().width, frames.front().height, 8, 0, nullptr), file);
  put_loop(file);
  for (std::size_t i = 0; i < frames.size(); ++i) put_frame(file, frames[i], milliseconds[i]);
  if (EGifCloseFile(close.release(), &error) == GIF_ERROR) throw Error("GIF: cannot finish the animation");
  return bytes;
}

}  // namespace drawlab::results
