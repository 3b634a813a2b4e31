#include "runner/experiment/experiment_file.hpp"

#include "drawlab/error.hpp"

#include "system/read_file.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace drawlab::runner {
namespace {

// Aliases can make a short file unfold without end.
constexpr int kMaxDepth = 64;
constexpr int kMaxNodes = 200000;

std::optional<std::int64_t> integer_of(std::string_view text) {
  std::string_view digits = text;
  bool negative = false;
  int base = 10;
  if (digits.starts_with("0x")) {
    base = 16;
    digits.remove_prefix(2);
  } else if (digits.starts_with("0o")) {
    base = 8;
    digits.remove_prefix(2);
  } else if (digits.starts_with("-") || digits.starts_with("+")) {
    negative = digits.front() == '-';
    digits.remove_prefix(1);
  }
  if (digits.empty() || digits.front() == '-' || digits.front() == '+') return std::nullopt;
  const std::string signed_digits = (negative ? "-" : "") + std::string(digits);
  std::int64_t value = 0;
  const char* end = signed_digits.data() + signed_digits.size();
  const auto [stop, error] = std::from_chars(signed_digits.data(), end, value, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, or an infinity, or not-a-number.
std::optional<double> real_of(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with("-");
  if (negative || rest.starts_with("+")) rest.remove_prefix(1);
  if (rest == ".inf" || rest == ".Inf" || rest == ".INF") {
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return std::numeric_limits<double>::quiet_NaN();
  std::size_t at = 0;
  const auto skip_digits = [&] {
    const std::size_t start = at;
    while (at < rest.size() && std::isdigit(static_cast<unsigned char>(rest[at]))) ++at;
    return at - start;
  };
  std::size_t digits = skip_digits();
  if (at < rest.size() && rest[at] == '.') {
    ++at;
    digits += skip_digits();
  }
  if (digits == 0) return std::nullopt;
  if (at < rest.size() && (rest[at] == 'e' || rest[at] == 'E')) {
    ++at;
    if (at < rest.size() && (rest[at] == '-' || rest[at] == '+')) ++at;
    if (skip_digits() == 0) return std::nullopt;
  }
  if (at != rest.size()) return std::nullopt;
  double value = 0;
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error == std::errc::result_out_of_range) value = rest.find("e-") == rest.npos ? HUGE_VAL : 0.0;
  return negative ? -value : value;
}

/// A plain scalar by the core schema of YAML 1.2.
ConfigNode plain_scalar(const std::string& text, const SourceLocation& where) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    ConfigNode node;
    node.set_where(where);
    return node;
  }
  if (text == "true" || text == "True" || text == "TRUE") return ConfigNode::boolean(true, where);
  if (text == "false" || text == "False" || text == "FALSE") return ConfigNode::boolean(false, where);
  if (const auto value = integer_of(text)) return ConfigNode::integer(*value, where);
  if (const auto value = real_of(text)) return ConfigNode::real(*value, where);
  return ConfigNode::text(text, where);
}

class Converter {
 public:
  Converter(std::string file, bool has_lines, Diagnostics& diagnostics)
      : file_(std::move(file)), has_lines_(has_lines), diagnostics_(diagnostics) {}

  SourceLocation place(const YAML::Mark& mark) const {
    if (!has_lines_ || mark.is_null()) return {file_, 0, 0};
    return {file_, mark.line + 1, mark.column + 1};
  }

  ConfigNode convert(const YAML::Node& node, int depth = 0) {
    const SourceLocation where = place(node.Mark());
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes) {
      if (!too_large_)
        diagnostics_.error(where, "the settings unfold without end: an alias that stands inside itself?");
      too_large_ = true;
      return {};
    }
    if (node.IsSequence()) {
      std::vector<ConfigNode> items;
      for (const YAML::Node& item : node) items.push_back(convert(item, depth + 1));
      return ConfigNode::list(std::move(items), where);
    }
    if (node.IsMap()) return map(node, where, depth);
    if (node.IsScalar()) return scalar(node, where);
    return plain_scalar("", where);
  }

 private:
  ConfigNode scalar(const YAML::Node& node, const SourceLocation& where) {
    const std::string& tag = node.Tag();
    if (tag == "!" || tag == "tag:yaml.org,2002:str") return ConfigNode::text(node.Scalar(), where);
    if (tag != "?" && !tag.empty() && tag.find("tag:yaml.org,2002:") == std::string::npos) {
      diagnostics_.error(where, fmt::format("the tag {} means nothing here; write the value alone", tag));
    }
    return plain_scalar(node.Scalar(), where);
  }

  ConfigNode map(const YAML::Node& node, const SourceLocation& where, int depth) {
    ConfigNode result = ConfigNode::map(where);
    for (const auto& entry : node) {
      const SourceLocation key_where = place(entry.first.Mark());
      if (!entry.first.IsScalar()) {
        diagnostics_.error(key_where, "a key must be a word");
        continue;
      }
      const std::string key = entry.first.Scalar();
      if (key == "<<") {
        diagnostics_.error(key_where, "merge keys ('<<') are no part of YAML 1.2; use an alias for the whole value");
        continue;
      }
      if (result.find(key) != nullptr) {
        diagnostics_.error(key_where, fmt::format("the key '{}' is given twice", key));
        continue;
      }
      result.set(key, convert(entry.second, depth + 1), key_where);
    }
    return result;
  }

  std::string file_;
  bool has_lines_;
  Diagnostics& diagnostics_;
  int nodes_ = 0;
  bool too_large_ = false;
};

ConfigNode parse(const std::string& text, const std::string& name, bool has_lines, Diagnostics& diagnostics) {
  Converter converter(name, has_lines, diagnostics);
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.empty()) {
      ConfigNode empty;
      empty.set_where({name, has_lines ? 1 : 0, has_lines ? 1 : 0});
      return empty;
    }
    if (documents.size() > 1) {
      diagnostics.error(converter.place(documents[1].Mark()), "a second YAML document; a file holds one experiment");
    }
    return converter.convert(documents.front());
  } catch (const YAML::Exception& error) {
    diagnostics.error(converter.place(error.mark), "not YAML: " + error.msg);
    return {};
  }
}

}  // namespace

ExperimentFile read_experiment_file(const std::filesystem::path& path, Diagnostics& diagnostics) {
  ExperimentFile file{path, {}, {}};
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    diagnostics.error({path.string(), 0, 0}, "a folder, not an experiment file");
    return file;
  }
  try {
    file.text = read_file(path);
  } catch (const DataError& unreadable) {
    diagnostics.error({}, unreadable.what());
    return file;
  }
  file.tree = parse_yaml(file.text, path.string(), diagnostics);
  return file;
}

ConfigNode parse_yaml(const std::string& text, const std::string& name, Diagnostics& diagnostics) {
  return parse(text, name, true, diagnostics);
}

ConfigNode parse_value(const std::string& text, const std::string& name, Diagnostics& diagnostics) {
  return parse(text, name, false, diagnostics);
}

}  // namespace drawlab::runner
