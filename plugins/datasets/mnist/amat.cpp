#include "amat.hpp"

#include "drawlab/error.hpp"

#include <bit>
#include <cctype>
#include <cstring>
#include <span>

namespace drawlab::mnist {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string shown(char c) {
  if (std::isprint(static_cast<unsigned char>(c)) != 0) return std::string("'") + c + "'";
  return "byte " + std::to_string(static_cast<unsigned char>(c));
}

/// A line in the form of the published files: digits, separated by one space, with a newline at the end. Four numbers
/// are eight bytes, which are checked and packed at once. False if the line has another form; `bits` is then undefined.
bool parse_regular_line(const char* text, std::int64_t columns, std::span<std::uint8_t> bits) {
  constexpr std::uint64_t kSpaced = 0x2030203020302030;   // "0 0 0 0 "
  constexpr std::uint64_t kEnded = 0x0A30203020302030;    // "0 0 0 0\n"
  constexpr std::uint64_t kNumbers = 0x0001000100010001;  // what tells '1' from '0'
  for (std::int64_t group = 0; group < columns / 4; ++group) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text + group * 8, 8);
    const bool is_last = group == columns / 4 - 1;
    if ((eight & ~kNumbers) != (is_last ? kEnded : kSpaced)) return false;
    const std::uint64_t ones = eight & kNumbers;
    const auto four = static_cast<std::uint8_t>((ones | ones >> 15U | ones >> 30U | ones >> 45U) & 15U);
    std::uint8_t& byte = bits[static_cast<std::size_t>(group / 2)];
    byte = group % 2 == 0 ? four : static_cast<std::uint8_t>(byte | four << 4U);
  }
  return true;
}

/// Any line, number by number; returns the offset after it.
std::size_t parse_line(const Content& content, std::size_t offset, std::int64_t row, std::int64_t columns,
                       std::span<std::uint8_t> bits) {
  const std::string& text = content.bytes;
  std::memset(bits.data(), 0, bits.size());
  std::int64_t column = 0;
  while (offset < text.size() && text[offset] != '\n') {
    const char c = text[offset];
    if (is_blank(c)) {
      ++offset;
      continue;
    }
    const std::string place = "line " + std::to_string(row + 1) + ", number " + std::to_string(column + 1);
    if (c != '0' && c != '1') throw DataError(content.at(offset) + ": " + place + ": " + shown(c) + " is not 0 or 1");
    if (offset + 1 < text.size() && !is_blank(text[offset + 1]) && text[offset + 1] != '\n') {
      throw DataError(content.at(offset + 1) + ": " + place + ": " + shown(text[offset + 1]) +
                      " follows the digit; needed: a space or the line's end");
    }
    if (column == columns) {
      throw DataError(content.at(offset) + ": line " + std::to_string(row + 1) + " has more than " +
                      std::to_string(columns) + " numbers");
    }
    if (c == '1') {
      bits[static_cast<std::size_t>(column / 8)] |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(column % 8));
    }
    ++column;
    ++offset;
  }
  if (column != columns) {
    throw DataError(content.at(offset) + ": line " + std::to_string(row + 1) + " has " + std::to_string(column) +
                    " numbers; needed: " + std::to_string(columns) +
                    (offset == text.size() ? " (the file is cut short)" : ""));
  }
  return offset < text.size() ? offset + 1 : offset;
}

}  // namespace

BitImages parse_amat(const Content& content, std::int64_t rows, std::int64_t columns) {
  BitImages images{rows, columns, {}};
  const auto stride = static_cast<std::size_t>(images.stride());
  images.bits.resize(static_cast<std::size_t>(rows) * stride);
  const auto line_size = static_cast<std::size_t>(columns) * 2;
  const bool may_be_regular = std::endian::native == std::endian::little && columns % 8 == 0;
  std::size_t offset = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    if (offset == content.bytes.size()) {
      throw DataError(content.at(offset) + ": the file ends after " + std::to_string(row) +
                      " lines; needed: " + std::to_string(rows));
    }
    const auto bits = std::span(images.bits).subspan(static_cast<std::size_t>(row) * stride, stride);
    if (may_be_regular && offset + line_size <= content.bytes.size() &&
        parse_regular_line(content.bytes.data() + offset, columns, bits)) {
      offset += line_size;
    } else {
      offset = parse_line(content, offset, row, columns, bits);
    }
  }
  for (; offset < content.bytes.size(); ++offset) {
    if (!is_blank(content.bytes[offset]) && content.bytes[offset] != '\n') {
      throw DataError(content.at(offset) + ": " + std::to_string(content.bytes.size() - offset) +
                      " bytes follow the last of " + std::to_string(rows) + " lines");
    }
  }
  return images;
}

}  // namespace drawlab::mnist
