#include "prepare/prepared_writer.hpp"

#include <array>

namespace drawlab::svhn {

PreparedWriter::PreparedWriter(const std::filesystem::path& path, std::uint32_t side,
                               const std::vector<std::string>& missing)
    : file_(path) {
  std::string text;
  for (const std::string& name : missing) text += name + "\n";
  put(std::as_bytes(std::span(kPreparedMagic)));
  put_number(side);
  put_number(static_cast<std::uint32_t>(text.size()));
  put(std::as_bytes(std::span(text)));
}

void PreparedWriter::put(std::span<const std::byte> bytes) {
  file_.write(bytes);
  sum_.update(bytes);
}

void PreparedWriter::put_number(std::uint32_t number) {
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(number >> (8U * i));
  put(std::as_bytes(std::span(bytes)));
}

void PreparedWriter::add(const Number& number, std::span<const std::uint8_t> pixels) {
  put(std::as_bytes(std::span(&number.length, 1)));
  put(std::as_bytes(std::span(number.digits)));
  put(std::as_bytes(pixels));
}

void PreparedWriter::finish() {
  file_.write(sum_.digest());
  file_.commit();
}

}  // namespace drawlab::svhn
