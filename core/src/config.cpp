#include "drawlab/config.hpp"

#include "drawlab/error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace drawlab {

namespace {

constexpr std::size_t kPreviewLength = 40;

/// A real that stands for a whole number reads like one, so that 1 and 1.0 have one text.
std::string real_text(double value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value < 0 ? "-.inf" : ".inf";
  if (std::abs(value) < 0x1p63 && std::trunc(value) == value) return std::to_string(static_cast<std::int64_t>(value));
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return std::string(digits, end);
}

/// False for text that a reader of YAML would take for something else if it stood without quotes.
bool is_plain(const std::string& text) {
  if (text.empty() || text == "true" || text == "false" || text == "null" || text == "~") return false;
  const auto first = static_cast<unsigned char>(text[0]);
  if (std::isdigit(first) || first == '-' || first == '+' || first == '.') {
    double number = 0;
    const char* begin = text.data() + (first == '+' ? 1 : 0);
    const char* end = text.data() + text.size();
    if (std::from_chars(begin, end, number).ptr == end) return false;
  }
  return text.find_first_of("{}[],:#\"'\n\t&*!|>%@`") == std::string::npos && text.front() != ' ' && text.back() != ' ';
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string written(const ConfigNode& node) {
  switch (node.kind()) {
    case ConfigNode::Kind::null:
      return "null";
    case ConfigNode::Kind::boolean:
      return node.as_boolean() ? "true" : "false";
    case ConfigNode::Kind::integer:
      return std::to_string(node.as_integer());
    case ConfigNode::Kind::real:
      return real_text(node.as_real());
    case ConfigNode::Kind::text:
      return is_plain(node.as_text()) ? node.as_text() : quoted(node.as_text());
    case ConfigNode::Kind::list: {
      std::string text = "[";
      for (const ConfigNode& item : node.items()) {
        if (text.size() > 1) text += ", ";
        text += written(item);
      }
      return text + "]";
    }
    case ConfigNode::Kind::map: {
      std::string text = "{";
      for (const ConfigNode::Entry& entry : node.entries()) {
        if (text.size() > 1) text += ", ";
        text += entry.key + ": " + written(entry.value);
      }
      return text + "}";
    }
  }
  return {};
}

std::string shortened(std::string text) {
  if (text.size() <= kPreviewLength) return text;
  std::size_t length = kPreviewLength - 1;
  // A cut inside a UTF-8 character would leave bytes that no terminal can show.
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  return text.substr(0, length) + "…";
}

bool same_number(const ConfigNode& left, const ConfigNode& right) {
  const bool left_whole = left.kind() == ConfigNode::Kind::integer;
  const bool right_whole = right.kind() == ConfigNode::Kind::integer;
  if (left_whole && right_whole) return left.as_integer() == right.as_integer();
  if (!left_whole && !right_whole) {
    return left.as_real() == right.as_real() || (std::isnan(left.as_real()) && std::isnan(right.as_real()));
  }
  const double real = left_whole ? right.as_real() : left.as_real();
  const std::int64_t whole = left_whole ? left.as_integer() : right.as_integer();
  // Above 2^53 a conversion to double would call different whole numbers equal.
  return std::trunc(real) == real && std::abs(real) < 0x1p63 && static_cast<std::int64_t>(real) == whole;
}

[[noreturn]] void wrong_kind(const ConfigNode& node, const char* needed) {
  throw ConfigError(node.where(), "found " + node.kind_text() + " (" + node.preview() + "), need " + needed);
}

void write_json(const ConfigNode& node, std::string& out) {
  switch (node.kind()) {
    case ConfigNode::Kind::text:
      out += quoted(node.as_text());
      return;
    case ConfigNode::Kind::real:
      // JSON has no word for what is not finite.
      out += std::isfinite(node.as_real()) ? real_text(node.as_real()) : quoted(real_text(node.as_real()));
      return;
    case ConfigNode::Kind::list: {
      out += '[';
      bool first = true;
      for (const ConfigNode& item : node.items()) {
        if (!first) out += ',';
        first = false;
        write_json(item, out);
      }
      out += ']';
      return;
    }
    case ConfigNode::Kind::map: {
      std::vector<const ConfigNode::Entry*> sorted;
      for (const ConfigNode::Entry& entry : node.entries()) sorted.push_back(&entry);
      std::sort(sorted.begin(), sorted.end(),
                [](const auto* left, const auto* right) { return left->key < right->key; });
      out += '{';
      bool first = true;
      for (const ConfigNode::Entry* entry : sorted) {
        if (!first) out += ',';
        first = false;
        out += quoted(entry->key) + ':';
        write_json(entry->value, out);
      }
      out += '}';
      return;
    }
    default:
      out += written(node);
  }
}

ConfigNode from(const nlohmann::json& json, const SourceLocation& where) {
  switch (json.type()) {
    case nlohmann::json::value_t::boolean:
      return ConfigNode::boolean(json.get<bool>(), where);
    case nlohmann::json::value_t::number_integer:
      return ConfigNode::integer(json.get<std::int64_t>(), where);
    case nlohmann::json::value_t::number_unsigned: {
      const auto value = json.get<std::uint64_t>();
      if (value > static_cast<std::uint64_t>(INT64_MAX)) return ConfigNode::real(static_cast<double>(value), where);
      return ConfigNode::integer(static_cast<std::int64_t>(value), where);
    }
    case nlohmann::json::value_t::number_float:
      return ConfigNode::real(json.get<double>(), where);
    case nlohmann::json::value_t::string:
      return ConfigNode::text(json.get<std::string>(), where);
    case nlohmann::json::value_t::array: {
      ConfigNode list = ConfigNode::list({}, where);
      for (const auto& item : json) list.items().push_back(from(item, where));
      return list;
    }
    case nlohmann::json::value_t::object: {
      ConfigNode map = ConfigNode::map(where);
      for (const auto& [key, value] : json.items()) map.set(key, from(value, where), where);
      return map;
    }
    default: {
      ConfigNode null;
      null.set_where(where);
      return null;
    }
  }
}

/// Where byte `offset` of `text` stands.
SourceLocation location_of(std::string_view text, std::size_t offset, const std::string& file) {
  SourceLocation where{file, 1, 1};
  for (const char character : text.substr(0, std::min(offset, text.size()))) {
    where.column = character == '\n' ? 1 : where.column + 1;
    if (character == '\n') ++where.line;
  }
  return where;
}

}  // namespace

ConfigNode ConfigNode::boolean(bool value, SourceLocation where) {
  ConfigNode node;
  node.kind_ = Kind::boolean;
  node.boolean_ = value;
  node.where_ = std::move(where);
  return node;
}

ConfigNode ConfigNode::integer(std::int64_t value, SourceLocation where) {
  ConfigNode node;
  node.kind_ = Kind::integer;
  node.integer_ = value;
  node.where_ = std::move(where);
  return node;
}

ConfigNode ConfigNode::real(double value, SourceLocation where) {
  ConfigNode node;
  node.kind_ = Kind::real;
  node.real_ = value;
  node.where_ = std::move(where);
  return node;
}

ConfigNode ConfigNode::text(std::string value, SourceLocation where) {
  ConfigNode node;
  node.kind_ = Kind::text;
  node.text_ = std::move(value);
  node.where_ = std::move(where);
  return node;
}

ConfigNode ConfigNode::list() { return list({}, {}); }

ConfigNode ConfigNode::list(std::vector<ConfigNode> items, SourceLocation where) {
  ConfigNode node;
  node.kind_ = Kind::list;
  node.items_ = std::move(items);
  node.where_ = std::move(where);
  return node;
}

ConfigNode ConfigNode::map(SourceLocation where) {
  ConfigNode node;
  node.kind_ = Kind::map;
  node.where_ = std::move(where);
  return node;
}

std::string ConfigNode::kind_text() const {
  switch (kind_) {
    case Kind::null:
      return "nothing";
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      return "a whole number";
    case Kind::real:
      return "a number";
    case Kind::text:
      return "text";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return {};
}

std::string ConfigNode::preview() const { return shortened(written(*this)); }

bool ConfigNode::as_boolean() const {
  if (kind_ != Kind::boolean) wrong_kind(*this, "true or false");
  return boolean_;
}

std::int64_t ConfigNode::as_integer() const {
  if (kind_ != Kind::integer) wrong_kind(*this, "a whole number");
  return integer_;
}

double ConfigNode::as_real() const {
  if (kind_ == Kind::integer) return static_cast<double>(integer_);
  if (kind_ != Kind::real) wrong_kind(*this, "a number");
  return real_;
}

const std::string& ConfigNode::as_text() const {
  if (kind_ != Kind::text) wrong_kind(*this, "text");
  return text_;
}

const ConfigNode* ConfigNode::find(std::string_view key) const {
  for (const Entry& entry : entries_) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

ConfigNode* ConfigNode::find(std::string_view key) {
  return const_cast<ConfigNode*>(static_cast<const ConfigNode*>(this)->find(key));
}

void ConfigNode::set(std::string key, ConfigNode value, SourceLocation key_where) {
  if (kind_ == Kind::null) kind_ = Kind::map;
  if (kind_ != Kind::map) wrong_kind(*this, "a map");
  for (Entry& entry : entries_) {
    if (entry.key != key) continue;
    entry.value = std::move(value);
    entry.key_where = std::move(key_where);
    return;
  }
  entries_.push_back({std::move(key), std::move(key_where), std::move(value)});
}

void ConfigNode::erase(std::string_view key) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.key == key; });
}

bool ConfigNode::same_value(const ConfigNode& other) const {
  const auto is_number = [](const ConfigNode& node) { return node.kind_ == Kind::integer || node.kind_ == Kind::real; };
  if (is_number(*this) && is_number(other)) return same_number(*this, other);
  if (kind_ != other.kind_) return false;
  switch (kind_) {
    case Kind::boolean:
      return boolean_ == other.boolean_;
    case Kind::text:
      return text_ == other.text_;
    case Kind::list:
      return std::equal(items_.begin(), items_.end(), other.items_.begin(), other.items_.end(),
                        [](const ConfigNode& left, const ConfigNode& right) { return left.same_value(right); });
    case Kind::map:
      return entries_.size() == other.entries_.size() &&
             std::all_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
               const ConfigNode* match = other.find(entry.key);
               return match != nullptr && entry.value.same_value(*match);
             });
    default:
      return true;
  }
}

std::string to_json(const ConfigNode& node) {
  std::string out;
  write_json(node, out);
  return out;
}

ConfigNode from_json(std::string_view json, const std::string& file) {
  try {
    return from(nlohmann::json::parse(json), SourceLocation{file, 0, 0});
  } catch (const nlohmann::json::parse_error& error) {
    const std::size_t offset = error.byte == 0 ? 0 : error.byte - 1;
    throw ConfigError(location_of(json, offset, file), "this is not JSON");
  } catch (const nlohmann::json::exception&) {
    throw ConfigError({file, 0, 0}, "this JSON holds a number too large to be kept");
  }
}

}  // namespace drawlab
