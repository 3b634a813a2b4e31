#include "results/format.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/display_width.hpp"
#include "results/number_text.hpp"
#include "results/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

namespace drawlab::results {

namespace {

constexpr std::array<std::pair<const char*, Format>, 7> kFormats = {{{"table", Format::table},
                                                                     {"csv", Format::csv},
                                                                     {"tsv", Format::tsv},
                                                                     {"json", Format::json},
                                                                     {"jsonl", Format::jsonl},
                                                                     {"markdown", Format::markdown},
                                                                     {"latex", Format::latex}}};

using Escape = std::string (*)(const std::string&);

std::string plain_text(const std::string& text) { return terminal_text(text); }

struct Replacement {
  char letter;
  std::string_view text;
};

/// The text with letters replaced; the others stay.
std::string escaped(std::string_view text, std::span<const Replacement> replacements) {
  std::string result;
  for (const char letter : text) {
    const auto found = std::ranges::find(replacements, letter, &Replacement::letter);
    if (found == replacements.end()) {
      result += letter;
    } else {
      result += found->text;
    }
  }
  return result;
}

std::string csv_field(const std::string& text) {
  static constexpr Replacement kEscapes[] = {{'"', "\"\""}};
  return text.find_first_of(",\"\r\n") == std::string::npos ? text : '"' + escaped(text, kEscapes) + '"';
}

std::string tsv_field(const std::string& text) {
  static constexpr Replacement kEscapes[] = {{'\t', "\\t"}, {'\n', "\\n"}, {'\r', "\\r"}, {'\\', "\\\\"}};
  return escaped(text, kEscapes);
}

/// Inside a word an underscore is no markup; elsewhere it is escaped.
std::string with_escaped_underscores(const std::string& text) {
  const auto is_word = [&](std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || (text[at] & 0x80) != 0);
  };
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '_' && (at == 0 || !is_word(at - 1) || !is_word(at + 1))) result += '\\';
    result += text[at];
  }
  return result;
}

std::string markdown_text(const std::string& given) {
  static constexpr Replacement kEscapes[] = {{'\n', "<br>"}, {'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"},
                                             {'\\', "\\\\"}, {'|', "\\|"},  {'*', "\\*"},  {'`', "\\`"},
                                             {'[', "\\["},   {']', "\\]"},  {'~', "\\~"}};
  std::string text;
  for (std::size_t start = 0; start <= given.size();) {
    const std::size_t end = std::min(given.find('\n', start), given.size());
    const bool ends_in_return = end > start && given[end - 1] == '\r';
    text += (start == 0 ? "" : "\n") + terminal_text(given.substr(start, end - start - (ends_in_return ? 1 : 0)));
    start = end + 1;
  }
  // Backslashes first, so that those before underscores stay single.
  return with_escaped_underscores(escaped(text, kEscapes));
}

std::string latex_text(const std::string& text) {
  static constexpr Replacement kEscapes[] = {{'\\', "\\textbackslash{}"},
                                             {'~', "\\textasciitilde{}"},
                                             {'^', "\\textasciicircum{}"},
                                             {'<', "\\textless{}"},
                                             {'>', "\\textgreater{}"},
                                             {'|', "\\textbar{}"},
                                             {'{', "\\{"},
                                             {'}', "\\}"},
                                             {'$', "\\$"},
                                             {'&', "\\&"},
                                             {'#', "\\#"},
                                             {'_', "\\_"},
                                             {'%', "\\%"}};
  return escaped(terminal_text(text), kEscapes);
}

struct AlignedTable {
  std::vector<bool> right;                     // by column
  std::vector<std::vector<std::string>> text;  // the header first
  std::vector<std::size_t> width;              // by column

  std::string padded(std::size_t row, std::size_t column) const {
    const std::string& cell = text[row][column];
    const std::string space(width[column] - display_width(cell), ' ');
    return right[column] ? space + cell : cell + space;
  }
};

AlignedTable align(const Table& table, Escape escape) {
  AlignedTable aligned;
  aligned.text.resize(table.rows.size() + 1);
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    aligned.right.push_back(is_numeric_column(table, column));
    const int decimals = column_decimals(table, column);
    aligned.text[0].push_back(escape(table.columns[column]));
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      aligned.text[row + 1].push_back(escape(cell_for_people(table.rows[row][column], decimals)));
    }
    std::size_t width = 0;
    for (const auto& row : aligned.text) width = std::max(width, display_width(row[column]));
    aligned.width.push_back(width);
  }
  return aligned;
}

std::string without_trailing_space(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// The cells of each row between `open` and `close`, with `rule` below the header.
std::string framed(const AlignedTable& table, std::string_view open, std::string_view between, std::string_view close,
                   std::string_view rule) {
  std::string result;
  for (std::size_t row = 0; row < table.text.size(); ++row) {
    std::string line(open);
    for (std::size_t column = 0; column < table.width.size(); ++column) {
      line.append(column == 0 ? "" : between).append(table.padded(row, column));
    }
    result += without_trailing_space(line.append(close)) + '\n';
    if (row == 0) result += rule;
  }
  return result;
}

std::string plain_table(const Table& table) {
  const AlignedTable aligned = align(table, plain_text);
  std::string rule;
  for (std::size_t column = 0; column < aligned.width.size(); ++column) {
    rule += (column == 0 ? "" : "  ") + std::string(aligned.width[column], '-');
  }
  return framed(aligned, "", "  ", "", rule + '\n');
}

std::string markdown_table(const Table& table) {
  AlignedTable aligned = align(table, markdown_text);
  std::string rule = "|";
  for (std::size_t column = 0; column < aligned.width.size(); ++column) {
    std::size_t& width = aligned.width[column];
    width = std::max<std::size_t>(width, 3);
    rule += ' ' + std::string(width - 1, '-') + (aligned.right[column] ? ": |" : "- |");
  }
  return framed(aligned, "| ", " | ", " |", rule + '\n');
}

std::string latex_table(const Table& table) {
  const AlignedTable aligned = align(table, latex_text);
  std::string result = "\\begin{tabular}{";
  for (const bool right : aligned.right) result += right ? 'r' : 'l';
  return result + "}\n\\hline\n" + framed(aligned, "", " & ", " \\\\", "\\hline\n") + "\\hline\n\\end{tabular}\n";
}

std::string separated(const Table& table, char separator, Escape escape) {
  std::string result;
  auto add_line = [&](const std::vector<std::string>& fields) {
    // One empty field alone would be an empty line, which readers skip.
    if (fields.size() == 1 && fields[0].empty() && separator == ',') {
      result += "\"\"\n";
      return;
    }
    for (std::size_t column = 0; column < fields.size(); ++column) {
      if (column > 0) result += separator;
      result += escape(fields[column]);
    }
    result += '\n';
  };
  add_line(table.columns);
  for (const auto& row : table.rows) {
    std::vector<std::string> fields;
    fields.reserve(row.size());
    for (const Cell& cell : row) fields.push_back(cell_for_programs(cell));
    add_line(fields);
  }
  return result;
}

// Two columns of one name would be one key: the later ones are numbered.
std::vector<std::string> unique_keys(const std::vector<std::string>& columns) {
  std::vector<std::string> keys;
  for (const std::string& column : columns) {
    std::string key = column;
    for (int number = 2; std::find(keys.begin(), keys.end(), key) != keys.end(); ++number) {
      key = column + "_" + std::to_string(number);
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_value(const Cell& cell) {
  if (const auto* real = std::get_if<double>(&cell)) return std::isfinite(*real) ? exact_number(*real) : "null";
  if (std::holds_alternative<std::monostate>(cell)) return "null";
  const std::string text = cell_for_programs(cell);
  return std::holds_alternative<std::int64_t>(cell) ? text : quoted(text);
}

std::string json_objects(const Table& table, bool one_a_line) {
  const std::vector<std::string> keys = unique_keys(table.columns);
  std::string result = one_a_line ? "" : "[";
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (!one_a_line) result += row == 0 ? "\n  " : ",\n  ";
    result += "{";
    for (std::size_t column = 0; column < keys.size(); ++column) {
      result += (column == 0 ? "" : ", ") + quoted(keys[column]) + ": " + json_value(table.rows[row][column]);
    }
    result += one_a_line ? "}\n" : "}";
  }
  if (one_a_line) return result;
  return result + (table.rows.empty() ? "]\n" : "\n]\n");
}

}  // namespace

std::string terminal_text(std::string_view text) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const bool is_control = length == 1 && (byte(0) < 0x20 || byte(0) == 0x7F);
    const bool is_late_control = length == 2 && byte(0) == 0xC2 && byte(1) < 0xA0;
    if (length == 0) {
      safe += "\xEF\xBF\xBD";
    } else if (is_control || is_late_control) {
      safe += ' ';
    } else {
      safe += text.substr(at, length);
    }
    at += length == 0 ? 1 : length;
  }
  return safe;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  names.reserve(std::size(kFormats));
  for (const auto& [name, format] : kFormats) names.emplace_back(name);
  return names;
}

Format format_of(const std::string& name) {
  for (const auto& [known, format] : kFormats) {
    if (name == known) return format;
  }
  throw ConfigError("--format: there is no format '" + name + "'" + suggestion(name, format_names()));
}

std::string format_table(const Table& table, Format format) {
  switch (format) {
    case Format::table:
      return plain_table(table);
    case Format::csv:
      return separated(table, ',', csv_field);
    case Format::tsv:
      return separated(table, '\t', tsv_field);
    case Format::json:
      return json_objects(table, false);
    case Format::jsonl:
      return json_objects(table, true);
    case Format::markdown:
      return markdown_table(table);
    case Format::latex:
      return latex_table(table);
  }
  return {};
}

}  // namespace drawlab::results
