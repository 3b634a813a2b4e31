#pragma once

#include "results/query.hpp"

#include <string>
#include <vector>

namespace drawlab::results {

/// The shortest digits that read back to the same number; `inf`, `-inf`, `nan` for the rest.
std::string exact_number(double value);

/// Decimals (0 to 6) that give the column's median by size five significant digits, so that one huge value does not
/// cost the others their decimals.
int significant_decimals(const Table& table, std::size_t column);
/// The decimals that a table shows: as above, or fewer if no number in the column has that many.
int column_decimals(const Table& table, std::size_t column);
/// The number with that many decimals, or in three significant digits if those would leave only zeros.
std::string rounded_number(double value, int decimals);
/// Whether a column holds numbers, or text that is a number; such columns are aligned right.
bool is_numeric_column(const Table& table, std::size_t column);
/// A cell for people: numbers rounded, nothing for NULL, `<412 bytes>` for bytes.
std::string cell_for_people(const Cell& cell, int decimals);
/// A cell for programs: numbers exact, nothing for NULL, hexadecimal digits for bytes.
std::string cell_for_programs(const Cell& cell);

}  // namespace drawlab::results
