#include "results/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace drawlab::results {

namespace {

/// Whether a text is a number, or a mean and its deviation as spread_text writes them.
bool is_number(std::string_view text) {
  constexpr std::string_view kBetween = " ± ";
  if (const std::size_t cut = text.find(kBetween); cut != std::string_view::npos) {
    return is_number(text.substr(0, cut)) && is_number(text.substr(cut + kBetween.size()));
  }
  double number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

/// The digits after the point that a number has, written out.
int decimals_of(double value) {
  std::array<char, 400> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
  const std::string_view digits(text.data(), static_cast<std::size_t>(end - text.data()));
  const std::size_t point = digits.find('.');
  return point == std::string_view::npos ? 0 : static_cast<int>(digits.size() - point - 1);
}

}  // namespace

std::string exact_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

int significant_decimals(const Table& table, std::size_t column) {
  std::vector<double> sizes;
  for (const auto& row : table.rows) {
    const auto* const value = std::get_if<double>(&row[column]);
    if (value != nullptr && std::isfinite(*value) && *value != 0) sizes.push_back(std::abs(*value));
  }
  if (sizes.empty()) return 1;
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  return std::clamp(4 - static_cast<int>(std::floor(std::log10(*middle))), 0, 6);
}

int column_decimals(const Table& table, std::size_t column) {
  int longest = 1;
  for (const auto& row : table.rows) {
    const auto* const value = std::get_if<double>(&row[column]);
    if (value != nullptr && std::isfinite(*value)) longest = std::max(longest, decimals_of(*value));
  }
  return std::min(significant_decimals(table, column), longest);
}

std::string rounded_number(double value, int decimals) {
  if (!std::isfinite(value)) return exact_number(value);
  std::array<char, 400> text{};
  const double smallest_shown = 0.5 * std::pow(10.0, -decimals);
  const bool fixed = value == 0 || (std::abs(value) >= smallest_shown && std::abs(value) < 1e15);
  const int length = fixed ? std::snprintf(text.data(), text.size(), "%.*f", decimals, value)
                           : std::snprintf(text.data(), text.size(), "%.3g", value);
  return {text.data(), static_cast<std::size_t>(length)};
}

bool is_numeric_column(const Table& table, std::size_t column) {
  bool numeric = false;
  for (const auto& row : table.rows) {
    const Cell& cell = row[column];
    if (std::holds_alternative<std::vector<std::uint8_t>>(cell)) return false;
    const auto* const text = std::get_if<std::string>(&cell);
    if (std::holds_alternative<std::monostate>(cell) || (text != nullptr && text->empty())) continue;
    if (text != nullptr && !is_number(*text)) return false;
    numeric = true;
  }
  return numeric;
}

std::string cell_for_people(const Cell& cell, int decimals) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&cell)) return rounded_number(*real, decimals);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* bytes = std::get_if<std::vector<std::uint8_t>>(&cell)) {
    return "<" + std::to_string(bytes->size()) + " bytes>";
  }
  return {};
}

std::string cell_for_programs(const Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&cell)) return exact_number(*real);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* bytes = std::get_if<std::vector<std::uint8_t>>(&cell)) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : *bytes) {
      text += kDigits[byte >> 4];
      text += kDigits[byte & 15];
    }
    return text;
  }
  return {};
}

}  // namespace drawlab::results
