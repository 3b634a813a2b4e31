#include "prepare/mat_elements.hpp"

#include "drawlab/error.hpp"

#include "little_endian.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <system_error>
#include <vector>

namespace drawlab::svhn {

namespace {

constexpr std::uint64_t kHeader = 128;
constexpr std::uint64_t kTag = 8;
constexpr std::uint64_t kBegin = 512;  // bytes of a variable in which its name, shape and the data's tag lie
constexpr std::uint64_t kMostUnpacked = std::uint64_t{4} << 30U;
constexpr std::uint32_t kMatrix = 14;
constexpr std::uint32_t kPacked = 15;

/// A part of a variable: its tag, and where the next part begins.
struct Part {
  std::uint32_t type;
  std::uint64_t bytes;
  std::uint64_t content;
  std::uint64_t end;
};

/// The part that begins at `offset`. Short ones have type and size in one number.
Part part_at(std::span<const std::uint8_t> begin, std::uint64_t offset) {
  const std::uint32_t first = little_endian(begin, offset);
  if (first >> 16U != 0) return {first & 0xffffU, first >> 16U, offset + 4, offset + kTag};
  const std::uint64_t bytes = little_endian(begin, offset + 4);
  return {first, bytes, offset + kTag, offset + kTag + (bytes + 7) / 8 * 8};
}

class MatElements {
 public:
  explicit MatElements(const std::filesystem::path& path) : path_(path), file_(path, std::ios::binary) {
    std::error_code error;
    size_ = std::filesystem::file_size(path, error);
    std::array<std::uint8_t, kHeader> header{};
    if (error || !read(header) || header[kHeader - 2] != 'I' || header[kHeader - 1] != 'M') {
      throw DataError(path.string() + ": is no little-endian MATLAB 5 file, or cut short within its header of " +
                      std::to_string(kHeader) + " bytes");
    }
  }

  std::map<std::string, StoredNumbers> walk() {
    std::map<std::string, StoredNumbers> found;
    while (at_ < size_) {
      start_ = at_;
      std::array<std::uint8_t, kTag> tag{};
      if (size_ - at_ < kTag || !read(tag)) refuse_past_end();
      const std::uint64_t length = little_endian(tag, 4);
      if (length > size_ - at_) refuse_past_end();
      const std::uint32_t type = little_endian(tag, 0);
      if (type == kPacked) {
        const std::vector<std::uint8_t> begin = unpack(length);
        if (begin.size() < kTag || little_endian(begin, 0) != kMatrix)
          refuse(start_, "a packed element holds no variable");
        take(std::span(begin).subspan(kTag), little_endian(begin, 4), found);
      } else if (type == kMatrix) {
        std::vector<std::uint8_t> begin(std::min(length, kBegin));
        if (!read(begin)) refuse_past_end();
        take(begin, length, found);
      } else {
        refuse(start_, "an element of type " + std::to_string(type) + " is no variable");
      }
      at_ = start_ + kTag + length;
      file_.seekg(static_cast<std::streamoff>(at_));
    }
    return found;
  }

 private:
  [[noreturn]] void refuse(std::uint64_t offset, const std::string& text) const {
    throw DataError(path_.string() + ": at byte " + std::to_string(offset) + ": " + text);
  }
  [[noreturn]] void refuse_past_end() const {
    refuse(start_, "cut short: an element begins here that reaches past the end, byte " + std::to_string(size_));
  }

  bool read(std::span<std::uint8_t> bytes) {
    file_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    at_ += bytes.size();
    return static_cast<bool>(file_);
  }

  /// Unpacks the next `length` bytes and returns the first kTag + kBegin bytes of the result.
  std::vector<std::uint8_t> unpack(std::uint64_t length) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) throw SystemError("zlib cannot be started: out of memory");
    const struct End {
      z_stream& stream;
      ~End() { inflateEnd(&stream); }
    } end{stream};
    std::vector<std::uint8_t> in(1U << 16U);
    std::vector<std::uint8_t> out(1U << 16U);
    std::vector<std::uint8_t> begin;
    std::uint64_t unpacked = 0;
    std::uint64_t left = length;
    for (int state = Z_OK; state != Z_STREAM_END;) {
      if (stream.avail_in == 0) {
        if (left == 0) refuse(start_, "a packed element is cut short, after " + std::to_string(unpacked) + " bytes");
        const std::span<std::uint8_t> piece(in.data(), std::min<std::uint64_t>(left, in.size()));
        if (!read(piece)) refuse_past_end();
        left -= piece.size();
        stream.next_in = piece.data();
        stream.avail_in = static_cast<uInt>(piece.size());
      }
      stream.next_out = out.data();
      stream.avail_out = static_cast<uInt>(out.size());
      state = inflate(&stream, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) {
        refuse(at_ - stream.avail_in, std::string("a packed element is damaged (") +
                                          (stream.msg != nullptr ? stream.msg : "unknown reason") + ")");
      }
      const std::size_t got = out.size() - stream.avail_out;
      begin.insert(begin.end(), out.begin(),
                   out.begin() + static_cast<std::ptrdiff_t>(std::min(got, kTag + kBegin - begin.size())));
      unpacked += got;
      if (unpacked > kMostUnpacked) {
        refuse(start_, "a packed element comes to more than " + std::to_string(kMostUnpacked) + " bytes");
      }
    }
    const std::uint64_t said = begin.size() < kTag ? 0 : kTag + little_endian(begin, 4);
    if (said != unpacked || left > 0 || stream.avail_in > 0) {
      refuse(start_, "a packed element comes to " + std::to_string(unpacked) + " bytes, but says " +
                         std::to_string(said) + ", and " + std::to_string(left + stream.avail_in) + " bytes follow it");
    }
    return begin;
  }

  /// Records the variable of `length` bytes with this beginning: flags, shape, name, then numbers.
  void take(std::span<const std::uint8_t> begin, std::uint64_t length, std::map<std::string, StoredNumbers>& found) {
    constexpr std::array<std::uint32_t, 3> kTypes = {6, 5, 1};  // of flags, shape and name
    std::uint64_t offset = 0;
    std::string name;
    for (std::size_t i = 0; i <= kTypes.size(); ++i) {
      if (offset + kTag > begin.size()) refuse(start_, "a variable ends before its numbers");
      const Part part = part_at(begin, offset);
      if (part.content + part.bytes > part.end) {
        refuse(start_, "a variable's part in short form says that it has " + std::to_string(part.bytes) +
                           " bytes, but has room for 4");
      }
      if (i == kTypes.size()) {
        if (part.content + part.bytes > length) {
          refuse(start_, "variable " + name + " says that it has " + std::to_string(part.bytes) +
                             " bytes of numbers, but ends before");
        }
        // Readers do not agree which of two counts.
        if (!found.emplace(name, StoredNumbers{part.type, part.bytes, start_}).second) {
          refuse(start_, "variable " + name + " is there already");
        }
        return;
      }
      if (part.type != kTypes[i] || part.end > begin.size()) {
        refuse(start_, "a variable does not begin with flags, a shape and a name");
      }
      name.assign(reinterpret_cast<const char*>(begin.data() + part.content), part.bytes);
      offset = part.end;
    }
  }

  const std::filesystem::path& path_;
  std::ifstream file_;
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;     // how far the file is read
  std::uint64_t start_ = 0;  // of the current element
};

}  // namespace

std::uint64_t size_of_stored(std::uint32_t type) {
  // int8, uint8, int16, uint16, int32, uint32, single, double, int64 and uint64; 8, 10 and 11 are kept back.
  constexpr std::array<std::uint8_t, 14> kSizes = {0, 1, 1, 2, 2, 4, 4, 4, 0, 8, 0, 0, 8, 8};
  return type < kSizes.size() ? kSizes[type] : 0;
}

std::map<std::string, StoredNumbers> stored_numbers(const std::filesystem::path& path) {
  return MatElements(path).walk();
}

}  // namespace drawlab::svhn
