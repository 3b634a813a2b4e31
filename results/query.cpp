#include "results/query.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/canned_query.hpp"
#include "results/database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>

namespace drawlab::results {

namespace {

// Pragmas that tell about the schema; with an argument those of the second list would change something.
constexpr std::array<const char*, 7> kSchemaPragmas = {"table_info", "table_xinfo", "table_list",      "index_list",
                                                       "index_info", "index_xinfo", "foreign_key_list"};
constexpr std::array<const char*, 3> kHeaderPragmas = {"user_version", "application_id", "journal_mode"};

bool is_reading(int action, const char* first, const char* second) {
  const auto is_first = [&](const char* name) { return sqlite3_stricmp(first, name) == 0; };
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return true;
    case SQLITE_FUNCTION:
      return second == nullptr || std::strcmp(second, "load_extension") != 0;
    case SQLITE_PRAGMA:
      return std::any_of(kSchemaPragmas.begin(), kSchemaPragmas.end(), is_first) ||
             (second == nullptr && std::any_of(kHeaderPragmas.begin(), kHeaderPragmas.end(), is_first));
    default:
      return false;
  }
}

/// SQLite's authoriser: allows reading only, and sets the flag `refused` when it denies anything else.
int authorize(void* refused, int action, const char* first, const char* second, const char*, const char*) {
  if (is_reading(action, first, second)) return SQLITE_OK;
  *static_cast<bool*>(refused) = true;
  return SQLITE_DENY;
}

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalizer>;

bool is_one_word(const std::string& text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
                              std::string::npos;
}

bool only_space(const char* text) { return std::strspn(text, " \t\r\n;") == std::strlen(text); }

[[noreturn]] void refuse_writing() {
  throw ConfigError("query: only reading is allowed here, one SELECT; the record is changed by drawlab alone");
}

Statement prepare(sqlite3* connection, const std::string& sql, const std::filesystem::path& path, const bool& refused) {
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v2(connection, sql.c_str(), static_cast<int>(sql.size()), &raw, &rest);
  Statement statement(raw);
  if (refused) refuse_writing();
  if (code == SQLITE_ERROR) {
    const int offset = sqlite3_error_offset(connection);
    throw ConfigError("query" + (offset < 0 ? "" : ", character " + std::to_string(offset + 1)) + ": " +
                      sqlite3_errmsg(connection));
  }
  if (code != SQLITE_OK) {
    throw DatabaseError(database_error_text(path, sqlite3_extended_errcode(connection), sqlite3_errmsg(connection)));
  }
  if (!statement) throw ConfigError("query: there is no statement in it; give one SELECT or a canned query's name");
  if (!only_space(rest)) {
    // A comment may follow; only another statement may not.
    sqlite3_stmt* second = nullptr;
    const int second_code = sqlite3_prepare_v2(connection, rest, -1, &second, nullptr);
    const Statement other(second);
    if (second_code != SQLITE_OK || other) throw ConfigError("query: one statement at a time");
  }
  if (sqlite3_stmt_readonly(statement.get()) == 0) refuse_writing();
  return statement;
}

template <class Number>
bool parse_whole(const std::string& text, Number& value) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc() && result.ptr == end;
}

void bind_value(sqlite3_stmt* statement, int index, const std::string& text) {
  std::int64_t integer = 0;
  double real = 0;
  if (parse_whole(text, integer)) {
    sqlite3_bind_int64(statement, index, integer);
  } else if (text.find_first_of("0123456789") != std::string::npos && parse_whole(text, real)) {
    sqlite3_bind_double(statement, index, real);
  } else {
    sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
}

void bind_parameters(sqlite3_stmt* statement, const CannedQuery* canned,
                     const std::map<std::string, std::string>& parameters) {
  std::vector<std::string> known;
  std::vector<std::string> missing;
  for (int index = 1; index <= sqlite3_bind_parameter_count(statement); ++index) {
    const char* sql_name = sqlite3_bind_parameter_name(statement, index);
    if (sql_name == nullptr || sql_name[0] == '?') throw ConfigError("query: parameters need names: :name, not ?");
    const std::string name = sql_name + 1;
    known.push_back(name);
    if (const auto given = parameters.find(name); given != parameters.end()) {
      bind_value(statement, index, given->second);
      continue;
    }
    const std::string* standard = nullptr;
    if (canned != nullptr) {
      for (const auto& parameter : canned->parameters) {
        if (parameter.name == name && parameter.standard) standard = &*parameter.standard;
      }
    }
    if (standard != nullptr) {
      bind_value(statement, index, *standard);
    } else {
      missing.push_back(name);
    }
  }
  for (const auto& [name, value] : parameters) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw ConfigError("query: there is no parameter '" + name + "' in it" +
                      (known.empty() ? "; it has none" : suggestion(name, known)));
  }
  if (!missing.empty()) {
    std::string names;
    for (const std::string& name : missing) names += (names.empty() ? "" : ", ") + name;
    throw ConfigError("query: no value for " + names + "; give it with -p " + missing.front() + "=VALUE");
  }
}

Cell read_cell(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
      return std::vector<std::uint8_t>(bytes, bytes + sqlite3_column_bytes(statement, column));
    }
    default:
      return {};
  }
}

}  // namespace

Table run_query(const std::filesystem::path& path, const std::string& name_or_sql,
                const std::map<std::string, std::string>& parameters) {
  const std::vector<CannedQuery> all = canned_queries();
  const CannedQuery* canned = nullptr;
  if (is_one_word(name_or_sql)) {
    std::vector<std::string> names;
    for (const CannedQuery& query : all) {
      names.push_back(query.name);
      if (query.name == name_or_sql) canned = &query;
    }
    if (canned == nullptr) {
      throw ConfigError("query: there is no canned query '" + name_or_sql + "'" + suggestion(name_or_sql, names));
    }
  }

  const auto database = open_database(path, DatabaseFile::Mode::read_only);
  sqlite3* connection = database->getHandle();
  bool refused = false;
  sqlite3_set_authorizer(connection, authorize, &refused);
  const Statement statement = prepare(connection, canned != nullptr ? canned->sql : name_or_sql, path, refused);
  bind_parameters(statement.get(), canned, parameters);

  Table table;
  const int columns = sqlite3_column_count(statement.get());
  for (int column = 0; column < columns; ++column) {
    table.columns.emplace_back(sqlite3_column_name(statement.get(), column));
  }
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    std::vector<Cell>& row = table.rows.emplace_back();
    for (int column = 0; column < columns; ++column) row.push_back(read_cell(statement.get(), column));
  }
  if (refused) refuse_writing();
  if (code == SQLITE_ERROR) throw ConfigError(std::string("query: ") + sqlite3_errmsg(connection));
  if (code != SQLITE_DONE) {
    throw DatabaseError(database_error_text(path, sqlite3_extended_errcode(connection), sqlite3_errmsg(connection)));
  }
  return table;
}

}  // namespace drawlab::results
