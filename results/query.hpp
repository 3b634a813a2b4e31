#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace drawlab::results {

/// A value as SQLite returns it: NULL, integer, real, text or bytes.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::uint8_t>>;
/// The number, or nothing.
inline Cell cell_of(const std::optional<double>& number) { return number ? Cell(*number) : Cell(); }

/// The result of a query.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};

/// Runs a canned query by its name, or one SQL statement. It cannot change the database: the connection is read-only,
/// and only reading is authorised (no ATTACH). `parameters` are the values of :name; text that looks like a number is
/// bound as a number. Throws ConfigError for a mistake in the query, DatabaseError for a problem of the database.
Table run_query(const std::filesystem::path& path, const std::string& name_or_sql,
                const std::map<std::string, std::string>& parameters = {});

}  // namespace drawlab::results
