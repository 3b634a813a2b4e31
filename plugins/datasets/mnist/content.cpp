#include "content.hpp"

#include "drawlab/error.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <system_error>

namespace drawlab::mnist {

namespace {

constexpr std::size_t kMost = std::size_t{256} << 20U;  // three times the largest file's content

std::string read_plain(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) throw DataError(path.string() + ": cannot be read: " + error.message());
  if (size > kMost) {
    throw DataError(path.string() + ": holds " + std::to_string(size) + " bytes, far more than any MNIST file");
  }
  std::string bytes(size, '\0');
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw DataError(path.string() + ": cannot be opened: " + std::strerror(errno));
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(file.gcount()) != size) {
    throw DataError(path.string() + ": cannot be read past byte " + std::to_string(file.gcount()) + " of " +
                    std::to_string(size));
  }
  return bytes;
}

bool starts_gzip(std::string_view bytes) { return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b'; }

/// An inflate state that is freed whatever happens.
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
  std::string bytes(std::max(size_hint + 1, std::min(packed.size() * 4, kMost)), '\0');
  std::size_t size = 0;
  const auto offset = [&] { return std::to_string(packed.size() - stream.avail_in); };
  for (;;) {
    if (size > kMost) {
      throw DataError(path.string() + ": at byte " + offset() + ": the gzip stream comes to more than " +
                      std::to_string(kMost) + " bytes, far more than any MNIST file");
    }
    if (size == bytes.size()) bytes.resize(std::min(bytes.size() * 2, kMost + 1));
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + size);
    const std::size_t room = std::min<std::size_t>(bytes.size() - size, std::numeric_limits<uInt>::max());
    stream.avail_out = static_cast<uInt>(room);
    const int state = inflate(&stream, Z_NO_FLUSH);
    size += room - stream.avail_out;
    if (state == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      // gzip files may be joined end to end.
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

Content read_content(const std::filesystem::path& path, std::size_t size_hint) {
  Content content{path, false, read_plain(path)};
  if (starts_gzip(content.bytes)) {
    content.compressed = true;
    content.bytes = decompress(path, content.bytes, size_hint);
  }
  return content;
}

std::string sha256_of(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw SystemError("OpenSSL cannot compute a SHA-256");
  }
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4U];
    text += kDigits[digest[i] & 15U];
  }
  return text;
}

}  // namespace drawlab::mnist
