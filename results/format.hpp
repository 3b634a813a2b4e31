#pragma once

#include "results/query.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace drawlab::results {

/// How a table is written. Formats for people (table, markdown, latex) round numbers to about five significant digits,
/// align decimals, leave NULL empty and show the size of bytes. Formats for programs (csv, tsv, json, jsonl) write
/// numbers that read back exactly and bytes as hexadecimal digits; NULL is an empty field, or null in JSON.
enum class Format { table, csv, tsv, json, jsonl, markdown, latex };

/// The names of all formats, as the command line accepts them.
std::vector<std::string> format_names();
/// Throws ConfigError on an unknown name, and suggests the nearest.
Format format_of(const std::string& name);

/// Returns the whole text with a final line break. CSV follows RFC 4180, but with plain line feeds; TSV escapes \t, \n,
/// \r and \\ with a backslash; JSON is one array of objects, jsonl one object per line; LaTeX is a tabular.
std::string format_table(const Table& table, Format format);

/// Makes text safe for a terminal: control characters, including those of C1, become spaces, and bytes that are not
/// UTF-8 become U+FFFD.
std::string terminal_text(std::string_view text);

}  // namespace drawlab::results
