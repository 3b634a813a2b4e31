#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace drawlab::results {

/// A value as SQLite gives it: nothing, a whole number, a number, a text, bytes.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::uint8_t>>;

/// What a query found.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};

/// A query of results/queries/, carried in the program.
struct CannedQuery {
  struct Parameter {
    std::string name;                     // without the colon
    std::optional<std::string> standard;  // nothing: it has to be given
    std::string text;
  };
  std::string name;
  std::string summary;
  std::vector<Parameter> parameters;
  std::string sql;
};

/// All canned queries by name.
std::vector<CannedQuery> canned_queries();

/// Runs a canned query by its name, or one SQL statement, on a database that it cannot change: the connection is
/// read-only, and nothing but reading is authorised (no ATTACH). `parameters` are the values of :name; texts that look
/// like numbers are bound as numbers. Throws ConfigError on a mistake in the query, DatabaseError on the database's.
Table run_query(const std::filesystem::path& path, const std::string& name_or_sql,
                const std::map<std::string, std::string>& parameters = {});

}  // namespace drawlab::results
