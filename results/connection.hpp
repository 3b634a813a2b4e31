#pragma once

#include "results/database.hpp"
#include "results/status.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace drawlab::results {

/// One connection to a results database; the facets of a Store share it.
class Connection {
 public:
  Connection(const std::filesystem::path& path, DatabaseFile::Mode mode)
      : path_(path), database_(open_database(path, mode)) {}

  const std::filesystem::path& path() const { return path_; }
  /// As DatabaseFile::relative.
  std::string relative(const std::filesystem::path& file) const;

  /// Runs a read alone on the connection.
  template <class Work>
  auto read(Work&& work) {
    const std::lock_guard lock(mutex_);
    return translate_errors(path_, [&] { return work(*database_); });
  }

  /// Runs a transaction that takes the write lock at its start, so that what it reads stays true.
  template <class Work>
  auto write(Work&& work) {
    const std::lock_guard lock(mutex_);
    return translate_errors(path_, [&] {
      SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
      if constexpr (std::is_void_v<decltype(work(*database_))>) {
        work(*database_);
        transaction.commit();
      } else {
        auto result = work(*database_);
        transaction.commit();
        return result;
      }
    });
  }

  /// The same for one run; throws DatabaseError if there is no such run.
  template <class Work>
  auto write_to_run(RunId id, Work&& work) {
    return write([&](SQLite::Database& database) {
      require_run(database, id);
      return work(database);
    });
  }

 private:
  void require_run(SQLite::Database& database, RunId id) const;

  std::filesystem::path path_;
  std::mutex mutex_;
  std::unique_ptr<SQLite::Database> database_;
};

/// Nothing for not-a-number and infinities, which SQLite has no values for.
inline std::optional<double> finite(std::optional<double> value) {
  return value && std::isfinite(*value) ? value : std::nullopt;
}

/// Binds one value; nothing becomes NULL, bytes become a BLOB.
template <class Value>
void bind_value(SQLite::Statement& statement, int index, const Value& value) {
  statement.bind(index, value);
}
template <class Value>
void bind_value(SQLite::Statement& statement, int index, const std::optional<Value>& value) {
  if (value) {
    statement.bind(index, *value);
  } else {
    statement.bind(index);
  }
}
void bind_value(SQLite::Statement& statement, int index, const std::vector<std::uint8_t>& bytes);

/// Binds values in order; texts are copied.
template <class... Values>
void bind_all(SQLite::Statement& statement, const Values&... values) {
  int index = 0;
  (bind_value(statement, ++index, values), ...);
}

/// Runs one statement that returns no rows; returns the number of rows changed.
template <class... Values>
int execute(SQLite::Database& database, const std::string& sql, const Values&... values) {
  SQLite::Statement statement(database, sql);
  bind_all(statement, values...);
  return statement.exec();
}

/// The rows of one SELECT (or INSERT … RETURNING), one at a time; columns are read by name.
class Rows {
 public:
  template <class... Values>
  Rows(SQLite::Database& database, const std::string& sql, const Values&... values) : statement_(database, sql) {
    bind_all(statement_, values...);
  }
  /// Steps to the next row; false after the last.
  bool next() { return statement_.executeStep(); }

  bool is_null(const char* column) const { return statement_.getColumn(column).isNull(); }
  std::string text(const char* column) const { return statement_.getColumn(column).getString(); }
  std::int64_t integer(const char* column) const { return statement_.getColumn(column).getInt64(); }
  double real(const char* column) const { return statement_.getColumn(column).getDouble(); }
  /// Nothing for NULL.
  std::optional<double> optional_real(const char* column) const;
  std::vector<std::uint8_t> bytes(const char* column) const;

 private:
  SQLite::Statement statement_;
};

}  // namespace drawlab::results
