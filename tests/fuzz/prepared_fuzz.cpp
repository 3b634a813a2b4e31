#include "drawlab/error.hpp"

#include "datasets/svhn/prepared.hpp"
#include "input_file.hpp"

#include <openssl/sha.h>

#include <vector>

/// Prepared images under a checksum that is right, without which nothing of a file would be looked at: read whole, or
/// refused with a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  std::vector<std::uint8_t> content(bytes, bytes + count);
  content.resize(count + SHA256_DIGEST_LENGTH);
  SHA256(bytes, count, content.data() + count);
  const drawlab::fuzz::InputFile file(content.data(), content.size());
  try {
    const auto images = drawlab::svhn::PreparedImages::read(file.path());
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
