#include "results/pictures/webp.hpp"

#include "drawlab/error.hpp"

#include <webp/decode.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <memory>
#include <string>

namespace drawlab::results {

namespace {

// Where canvases with windows gain nearly all that more work would.
constexpr int kMethod = 2;
constexpr float kEffort = 40;
constexpr int kLossyMethod = 2;

WebPConfig configuration() {
  WebPConfig config;
  if (WebPConfigInit(&config) == 0) throw Error("WebP: the library is of another version than its header");
  config.lossless = 1;
  config.method = kMethod;
  config.quality = kEffort;
  config.thread_level = 0;
  return config;
}

/// A picture of the library's with its own copy of the pixels.
class Canvas {
 public:
  explicit Canvas(const Pixels& pixels) {
    if (WebPPictureInit(&picture_) == 0) throw Error("WebP: the library is of another version than its header");
    picture_.use_argb = 1;
    picture_.width = pixels.width;
    picture_.height = pixels.height;
    std::vector<std::uint8_t> rgb;
    rgb.reserve(static_cast<std::size_t>(pixels.width) * static_cast<std::size_t>(pixels.height) * 3);
    for (int y = 0; y < pixels.height; ++y) {
      for (int x = 0; x < pixels.width; ++x) {
        const Color color = pixels.at(x, y);
        rgb.insert(rgb.end(), {color.red, color.green, color.blue});
      }
    }
    if (WebPPictureImportRGB(&picture_, rgb.data(), pixels.width * 3) == 0) {
      throw Error("WebP: cannot take a picture of " + std::to_string(pixels.width) + " by " +
                  std::to_string(pixels.height) + " pixels");
    }
  }
  ~Canvas() { WebPPictureFree(&picture_); }
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;
  WebPPicture* get() { return &picture_; }

 private:
  WebPPicture picture_{};
};

struct FreeEncoder {
  void operator()(WebPAnimEncoder* encoder) const { WebPAnimEncoderDelete(encoder); }
};

[[noreturn]] void refuse() { throw DataError("WebP: the bytes are cut, damaged or of another format"); }

std::vector<std::uint8_t> encode(const Pixels& pixels, const WebPConfig& config) {
  Canvas canvas(pixels);
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  const std::unique_ptr<WebPMemoryWriter, void (*)(WebPMemoryWriter*)> clear(&writer, WebPMemoryWriterClear);
  canvas.get()->writer = WebPMemoryWrite;
  canvas.get()->custom_ptr = &writer;
  if (WebPEncode(&config, canvas.get()) == 0) {
    throw Error("WebP: cannot encode a picture of " + std::to_string(pixels.width) + " by " +
                std::to_string(pixels.height) + " pixels (error " + std::to_string(canvas.get()->error_code) + ")");
  }
  return {writer.mem, writer.mem + writer.size};
}

}  // namespace

std::vector<std::uint8_t> encode_webp(const Pixels& pixels) { return encode(pixels, configuration()); }

std::vector<std::uint8_t> encode_webp_lossy(const Pixels& pixels, int quality) {
  WebPConfig config = configuration();
  config.lossless = 0;
  config.method = kLossyMethod;
  config.quality = static_cast<float>(quality);
  return encode(pixels, config);
}

std::vector<std::uint8_t> encode_webp_animation(std::span<const Pixels> frames, std::span<const int> milliseconds) {
  DRAWLAB_ASSERT(!frames.empty() && frames.size() == milliseconds.size());
  WebPAnimEncoderOptions options;
  if (WebPAnimEncoderOptionsInit(&options) == 0) throw Error("WebP: the library is of another version than its header");
  options.anim_params.loop_count = 0;
  const WebPConfig config = configuration();
  const std::unique_ptr<WebPAnimEncoder, FreeEncoder> encoder(
      WebPAnimEncoderNew(frames.front().width, frames.front().height, &options));
  if (!encoder) throw Error("WebP: cannot begin an animation");
  int time = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    Canvas canvas(frames[i]);
    if (WebPAnimEncoderAdd(encoder.get(), canvas.get(), time, &config) == 0) {
      throw Error(std::string("WebP: cannot add a frame: ") + WebPAnimEncoderGetError(encoder.get()));
    }
    time += milliseconds[i];
  }
  WebPData data;
  WebPDataInit(&data);
  const std::unique_ptr<WebPData, void (*)(WebPData*)> clear(&data, WebPDataClear);
  if (WebPAnimEncoderAdd(encoder.get(), nullptr, time, nullptr) == 0 ||
      WebPAnimEncoderAssemble(encoder.get(), &data) == 0) {
    throw Error(std::string("WebP: cannot finish an animation: ") + WebPAnimEncoderGetError(encoder.get()));
  }
  return {data.bytes, data.bytes + data.size};
}

Pixels decode_webp(std::span<const std::uint8_t> bytes) {
  int width = 0;
  int height = 0;
  const std::unique_ptr<std::uint8_t, void (*)(void*)> rgb(WebPDecodeRGB(bytes.data(), bytes.size(), &width, &height),
                                                           WebPFree);
  if (!rgb) refuse();
  Pixels pixels(width, height, 3, {});
  pixels.values.assign(rgb.get(), rgb.get() + static_cast<std::ptrdiff_t>(width) * height * 3);
  return pixels;
}

}  // namespace drawlab::results
