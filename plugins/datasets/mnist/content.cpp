#include "content.hpp"

#include "drawlab/error.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace drawlab::mnist {

namespace {

bool starts_gzip(std::string_view bytes) { return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b'; }

/// An inflate state that frees itself.
struct Inflater {
  z_stream stream{};
  Inflater() {
    constexpr int kGzipWindow = 16 + MAX_WBITS;
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw SystemError("zlib cannot be started: out of memory");
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

std::string decompress(const std::filesystem::path& path, std::string& packed, std::size_t size_hint) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  // One byte beyond the hint: zlib reports the stream's end only when it still has room.
  std::string bytes(std::max(size_hint + 1, std::min(packed.size() * 4, kMostContent)), '\0');
  std::size_t size = 0;
  const auto offset = [&] { return std::to_string(packed.size() - stream.avail_in); };
  for (;;) {
    if (size > kMostContent) {
      throw DataError(path.string() + ": at byte " + offset() + ": the gzip stream comes to more than " +
                      std::to_string(kMostContent) + " bytes, far more than any MNIST file");
    }
    if (size == bytes.size()) bytes.resize(std::min(bytes.size() * 2, kMostContent + 1));
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + size);
    const std::size_t room = std::min<std::size_t>(bytes.size() - size, std::numeric_limits<uInt>::max());
    stream.avail_out = static_cast<uInt>(room);
    const int state = inflate(&stream, Z_NO_FLUSH);
    size += room - stream.avail_out;
    if (state == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      // gzip files may be concatenated.
      if (!starts_gzip(std::string_view(packed).substr(packed.size() - stream.avail_in))) {
        throw DataError(path.string() + ": at byte " + offset() + ": " + std::to_string(stream.avail_in) +
                        " bytes follow the end of the gzip stream");
      }
      inflateReset(&stream);
    } else if (state == Z_BUF_ERROR || (state == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)) {
      if (stream.avail_in == 0) {
        throw DataError(path.string() + ": at byte " + offset() + ": the gzip stream is cut short, after " +
                        std::to_string(size) + " bytes of content");
      }
    } else if (state != Z_OK) {
      throw DataError(path.string() + ": at byte " + offset() + ": the gzip stream is damaged (" +
                      (stream.msg != nullptr ? stream.msg : "unknown reason") + ")");
    }
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::string Content::at(std::size_t offset) const {
  return path.string() + ": at byte " + std::to_string(offset) + (compressed ? " of the decompressed content" : "");
}

Content parse_content(const std::filesystem::path& path, std::string bytes, std::size_t size_hint) {
  if (!starts_gzip(bytes)) return {path, false, std::move(bytes)};
  return {path, true, decompress(path, bytes, size_hint)};
}

}  // namespace drawlab::mnist
