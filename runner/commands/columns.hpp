#pragma once

#include "results/query.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace drawlab::runner {

/// One column of a table of `Row`s: its name, and how a row gives the cell, such as `{"run", &RunRow::id}`.
template <class Row>
struct Column {
  template <class Get>
  Column(std::string heading, Get get)
      : name(std::move(heading)), cell([get](const Row& row) { return as_cell(std::invoke(get, row)); }) {}

  std::string name;
  std::function<results::Cell(const Row&)> cell;

 private:
  template <class T>
  static results::Cell as_cell(const T& value) {
    if constexpr (std::integral<T>)
      return static_cast<std::int64_t>(value);
    else if constexpr (std::convertible_to<T, std::optional<double>>)
      return results::cell_of(value);
    else
      return results::Cell(value);
  }
};

/// A table with a row per element of `rows`.
template <class Row>
results::Table table_of(const std::vector<Row>& rows, const std::vector<Column<Row>>& columns) {
  results::Table table;
  for (const Column<Row>& column : columns) table.columns.push_back(column.name);
  for (const Row& row : rows) {
    auto& cells = table.rows.emplace_back();
    for (const Column<Row>& column : columns) cells.push_back(column.cell(row));
  }
  return table;
}

}  // namespace drawlab::runner
