#pragma once

#include "results/query.hpp"

#include <string>
#include <vector>

namespace drawlab::results {

/// The shortest digits that read back to the same number; `inf`, `-inf`, `nan` for the rest.
std::string exact_number(double value);

/// How many decimals give five significant digits to a column's middle number by size (the larger one of two), 0 to 6:
/// so one picture of thousands of nats does not take the others' decimals.
int significant_decimals(const Table& table, std::size_t column);
/// As many, or fewer where no number of the column has them: how many a table shows.
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
