#include "drawlab/error.hpp"

#include "datasets/svhn/prepared.hpp"
#include "system/sha256.hpp"

#include <string>

/// Prepared images with a right checksum, without which a file is refused at once: read whole, or refused with a
/// DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  std::string content(reinterpret_cast<const char*>(bytes), count);
  drawlab::Sha256 sum;
  sum.update(content);
  for (const std::byte byte : sum.digest()) content += static_cast<char>(byte);
  try {
    const auto images = drawlab::svhn::PreparedImages::parse(
        "input", content, [](std::string_view text) { return drawlab::sha256_of(text); });
    for (std::int64_t i = 0; i < images.count(); ++i) {
      const auto side = static_cast<std::size_t>(images.side());
      if (images.number(i).length > drawlab::svhn::kMostDigits || images.pixels(i).size() != 3 * side * side) {
        __builtin_trap();
      }
    }
  } catch (const drawlab::DataError&) {
  }
  return 0;
}
