#include "system/sha256.hpp"

#include "drawlab/error.hpp"

#include "system/read_file.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

namespace drawlab {

namespace {

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

std::array<std::byte, 32> Sha256::digest() {
  std::array<std::byte, 32> sum{};
  expect(EVP_DigestFinal_ex(context_->digest, reinterpret_cast<unsigned char*>(sum.data()), nullptr));
  return sum;
}

std::string Sha256::hex() {
  std::string text;
  for (const std::byte byte : digest()) text += fmt::format("{:02x}", std::to_integer<int>(byte));
  return text;
}

std::string sha256_of(std::span<const std::byte> bytes) {
  Sha256 sum;
  sum.update(bytes);
  return sum.hex();
}

std::string sha256_of(std::string_view text) { return sha256_of(std::as_bytes(std::span(text))); }

std::string sha256_of_file(const std::filesystem::path& file) {
  Sha256 sum;
  read_pieces(file, [&](std::span<const std::byte> piece) { sum.update(piece); });
  return sum.hex();
}

}  // namespace drawlab
