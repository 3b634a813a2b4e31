#pragma once

#include "results/database.hpp"
#include "results/store.hpp"

#include <mutex>
#include <string>
#include <utility>

namespace drawlab::results {

/// What the sources of Store share.
struct Store::Impl {
  std::filesystem::path path;
  mutable std::mutex mutex;
  std::unique_ptr<SQLite::Database> database;

  /// One read, alone on the connection.
  template <class Work>
  decltype(auto) read(Work&& work) const {
    const std::lock_guard lock(mutex);
    return translate_errors(path, [&]() -> decltype(auto) { return work(*database); });
  }

  /// One transaction that holds the write lock from its start, so that what it reads stays true.
  template <class Work>
  auto write(Work&& work) {
    const std::lock_guard lock(mutex);
    return translate_errors(path, [&] {
      SQLite::Transaction transaction(*database, SQLite::TransactionBehavior::IMMEDIATE);
      if constexpr (std::is_void_v<decltype(work(*database))>) {
        work(*database);
        transaction.commit();
      } else {
        auto result = work(*database);
        transaction.commit();
        return result;
      }
    });
  }

  /// Throws DatabaseError where there is no such run.
  void require_run(SQLite::Database& connection, RunId id) const {
    SQLite::Statement statement(connection, "SELECT 1 FROM run WHERE id = ?");
    statement.bind(1, id);
    if (!statement.executeStep()) throw DatabaseError(path.string() + ": there is no run " + std::to_string(id));
  }
};

/// Binds a row's values in order; texts are copied.
template <class... Values>
void bind_all(SQLite::Statement& statement, const Values&... values) {
  int index = 0;
  (statement.bind(++index, values), ...);
}

/// Runs one statement that returns nothing; gives the number of rows changed.
template <class... Values>
int execute(SQLite::Database& database, const char* sql, const Values&... values) {
  SQLite::Statement statement(database, sql);
  bind_all(statement, values...);
  return statement.exec();
}

/// Whether a run's lease is held by somebody now.
bool lease_is_live(SQLite::Database& database, RunId id);

/// The status of a name; throws DatabaseError on one that no drawlab writes.
Status status_of(const std::string& name);

}  // namespace drawlab::results
