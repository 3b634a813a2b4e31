#include "system/sha256.hpp"

#include "drawlab/error.hpp"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

namespace drawlab {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

void expect(int openssl_result) {
  if (openssl_result != 1) throw SystemError("SHA-256 is not available from this machine's OpenSSL");
}

}  // namespace

struct Sha256::Context {
  Context() : digest(EVP_MD_CTX_new()) {}
  ~Context() { EVP_MD_CTX_free(digest); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  EVP_MD_CTX* digest;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  expect(EVP_DigestInit_ex(context_->digest, EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) {
  expect(EVP_DigestUpdate(context_->digest, bytes.data(), bytes.size()));
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> sum{};
  expect(EVP_DigestFinal_ex(context_->digest, sum.data(), nullptr));
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : sum) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string sha256_of(std::span<const std::byte> bytes) {
  Sha256 sum;
  sum.update(bytes);
  return sum.hex();
}

std::string sha256_of(std::string_view text) { return sha256_of(std::as_bytes(std::span(text))); }

std::string sha256_of_file(const std::filesystem::path& file) {
  const auto failure = [&] { return file.string() + ": cannot be read: " + std::generic_category().message(errno); };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"), &std::fclose);
  if (!stream) throw DataError(failure());
  Sha256 sum;
  std::vector<std::byte> piece(kPieceBytes);
  std::uintmax_t offset = 0;
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), stream.get())) {
    sum.update(std::span(piece).first(count));
    offset += count;
  }
  if (std::ferror(stream.get())) throw DataError(failure() + " (at byte " + std::to_string(offset) + ")");
  return sum.hex();
}

}  // namespace drawlab
