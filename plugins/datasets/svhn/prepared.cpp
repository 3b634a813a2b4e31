#include "prepared.hpp"

#include "drawlab/error.hpp"

#include "little_endian.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace drawlab::svhn {

namespace {

constexpr std::array<char, 16> kMagic = {'d', 'r', 'a', 'w', 'l', 'a', 'b', '-', 's', 'v', 'h', 'n', '-', '1', '\n', 0};
constexpr std::size_t kHeader = kMagic.size() + 8;
constexpr std::size_t kDigest = 32;
constexpr std::size_t kLabel = 1 + kMostDigits;
constexpr std::uint32_t kMostSide = 1024;

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::array<std::uint8_t, kDigest> digest_of(std::span<const std::uint8_t> bytes) {
  std::array<std::uint8_t, kDigest> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw SystemError("OpenSSL cannot compute a SHA-256");
  }
  return digest;
}

[[noreturn]] void refuse(const std::filesystem::path& path, std::size_t offset, const std::string& text) {
  throw DataError(path.string() + ": at byte " + std::to_string(offset) + ": " + text);
}

std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) throw DataError(path.string() + ": cannot be read: " + error.message());
  std::vector<std::uint8_t> bytes(size);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!file || static_cast<std::uintmax_t>(file.gcount()) != size) {
    throw DataError(path.string() + ": cannot be read: " + std::strerror(errno));
  }
  return bytes;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

std::string sha256_of(std::span<const std::uint8_t> bytes) { return hexadecimal(digest_of(bytes)); }

std::size_t PreparedImages::record_size() const { return kLabel + 3 * static_cast<std::size_t>(side_ * side_); }

PreparedImages PreparedImages::read(const std::filesystem::path& path) {
  PreparedImages images;
  images.bytes_ = read_bytes(path);
  const std::span<const std::uint8_t> bytes = images.bytes_;
  if (bytes.size() < kHeader + kDigest) refuse(path, bytes.size(), "cut short within its header");
  if (!std::equal(kMagic.begin(), kMagic.end(), bytes.begin())) refuse(path, 0, "is no file of prepared images");
  const auto content = bytes.first(bytes.size() - kDigest);
  const auto digest = digest_of(content);
  if (!std::equal(digest.begin(), digest.end(), bytes.end() - kDigest)) {
    refuse(path, content.size(), "its checksum is not that of its content: it is cut or damaged");
  }
  const std::uint32_t side = little_endian(bytes, kMagic.size());
  const std::uint32_t text = little_endian(bytes, kMagic.size() + 4);
  if (side == 0 || side > kMostSide) refuse(path, kMagic.size(), "a side of " + std::to_string(side) + " pixels");
  if (text > content.size() - kHeader) refuse(path, kMagic.size() + 4, "a text longer than the file");
  images.side_ = side;
  images.first_ = kHeader + text;
  images.missing_ = lines_of(std::string(bytes.begin() + kHeader, bytes.begin() + kHeader + text));
  const std::size_t records = content.size() - images.first_;
  if (records % images.record_size() != 0) refuse(path, content.size(), "ends within a record");
  images.count_ = static_cast<std::int64_t>(records / images.record_size());
  for (std::int64_t i = 0; i < images.count_; ++i) {
    const Number number = images.number(i);
    const bool fits = number.length >= 1 && number.length <= kMostDigits &&
                      std::all_of(number.digits.begin(), number.digits.end(), [](auto digit) { return digit <= 9; });
    if (!fits) {
      refuse(path, images.first_ + static_cast<std::size_t>(i) * images.record_size(),
             "record " + std::to_string(i + 1) + " has no possible number");
    }
  }
  images.sha256_ = hexadecimal(digest);
  return images;
}

Number PreparedImages::number(std::int64_t index) const {
  const auto* const record = bytes_.data() + first_ + static_cast<std::size_t>(index) * record_size();
  Number number;
  number.length = record[0];
  std::copy_n(record + 1, kMostDigits, number.digits.begin());
  return number;
}

std::span<const std::uint8_t> PreparedImages::pixels(std::int64_t index) const {
  return std::span(bytes_).subspan(first_ + static_cast<std::size_t>(index) * record_size() + kLabel,
                                   record_size() - kLabel);
}

std::filesystem::path part_of(const std::filesystem::path& path, long process) {
  return path.string() + "." + std::to_string(process) + ".part";
}

struct PreparedWriter::Hash {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Hash() {
    if (context == nullptr || EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1) {
      throw SystemError("OpenSSL cannot compute a SHA-256");
    }
  }
  ~Hash() { EVP_MD_CTX_free(context); }
  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;
};

PreparedWriter::PreparedWriter(std::filesystem::path path, std::uint32_t side, const std::vector<std::string>& missing)
    : path_(std::move(path)),
      aside_(part_of(path_, ::getpid())),
      file_(aside_, std::ios::binary | std::ios::trunc),
      hash_(std::make_unique<Hash>()) {
  std::string text;
  for (const std::string& name : missing) text += name + "\n";
  put(kMagic.data(), kMagic.size());
  for (const std::uint32_t value : {side, static_cast<std::uint32_t>(text.size())}) {
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8U * i));
    put(bytes.data(), bytes.size());
  }
  put(text.data(), text.size());
}

PreparedWriter::~PreparedWriter() {
  std::error_code ignored;
  if (!finished_) std::filesystem::remove(aside_, ignored);
}

void PreparedWriter::put(const void* bytes, std::size_t count) {
  file_.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(count));
  if (!file_) throw SystemError(aside_.string() + ": cannot be written: " + std::strerror(errno));
  EVP_DigestUpdate(hash_->context, bytes, count);
}

void PreparedWriter::add(const Number& number, std::span<const std::uint8_t> pixels) {
  put(&number.length, 1);
  put(number.digits.data(), number.digits.size());
  put(pixels.data(), pixels.size());
}

void PreparedWriter::finish() {
  std::array<std::uint8_t, kDigest> digest{};
  EVP_DigestFinal_ex(hash_->context, digest.data(), nullptr);
  file_.write(reinterpret_cast<const char*>(digest.data()), kDigest);
  file_.close();
  if (!file_) throw SystemError(aside_.string() + ": cannot be written: " + std::strerror(errno));
  std::filesystem::rename(aside_, path_);
  finished_ = true;
}

}  // namespace drawlab::svhn
