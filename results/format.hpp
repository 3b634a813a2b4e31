#pragma once

#include "results/query.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace drawlab::results {

/// How a table is written. For people (table, markdown, latex): numbers in about five significant digits, a column's
/// decimals aligned, nothing for NULL, the size in place of bytes. For programs (csv, tsv, json, jsonl): numbers that
/// read back exactly, bytes as hexadecimal digits; NULL is an empty field, or null in JSON.
enum class Format { table, csv, tsv, json, jsonl, markdown, latex };

/// The names of all formats, as a command line takes them.
std::vector<std::string> format_names();
/// Throws ConfigError on an unknown name, with the nearest known one.
Format format_of(const std::string& name);

/// The whole text, ending in a line break. CSV as in RFC 4180, but with plain line feeds; TSV escapes \t, \n, \r
/// and \\ by a backslash; JSON is one array of objects, jsonl one object a line; LaTeX is a tabular.
std::string format_table(const Table& table, Format format);

/// A text as it may go to a terminal: control characters, those of C1 among them, become spaces, so that none speaks to
/// the terminal or breaks a line, and bytes that are no UTF-8 become U+FFFD.
std::string terminal_text(std::string_view text);

/// The columns that a UTF-8 text takes on a terminal: wide East Asian letters and emoji two, combining marks none.
std::size_t display_width(std::string_view text);

}  // namespace drawlab::results
