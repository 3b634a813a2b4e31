#pragma once

#include "results/query.hpp"

#include <string>
#include <vector>

namespace drawlab::results {

/// The shortest digits that read back to the same number; `inf`, `-inf`, `nan` for the rest.
std::string exact_number(double value);

/// How many decimals a column of a table shows: five significant digits for its largest number, 0 to 6.
int column_decimals(const Table& table, std::size_t column);
/// With so many decimals, or in three significant digits where those would leave nothing of the number.
std::string rounded_number(double value, int decimals);
/// Whether a column holds numbers, or texts that are such, and so is set flush right.
bool is_numeric_column(const Table& table, std::size_t column);
/// A cell for people: numbers rounded, nothing for NULL, `<412 bytes>` for bytes.
std::string cell_for_people(const Cell& cell, int decimals);
/// A cell for programs: numbers exact, nothing for NULL, hexadecimal digits for bytes.
std::string cell_for_programs(const Cell& cell);

}  // namespace drawlab::results
