#pragma once

#include "results/database_error.hpp"
#include "results/database_file.hpp"
#include "results/embedded_sql.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace drawlab::results {

/// "DRAW" in ASCII: tells our databases from other SQLite files.
inline constexpr std::int64_t kApplicationId = 0x44524157;
/// How long a connection waits while another process writes.
inline constexpr int kBusyMilliseconds = 30000;

/// Opens a results database; read_write also creates and migrates it. Throws DatabaseError.
std::unique_ptr<SQLite::Database> open_database(const std::filesystem::path& path, DatabaseFile::Mode mode);

/// Applies the migrations after the database's user_version, all of them or none; two processes may try at once. Throws
/// SQLite::Exception.
void migrate(SQLite::Database& database, std::span<const EmbeddedSql> migrations);

/// The sentence for an SQLite result code that an operation on the file returned.
std::string database_error_text(const std::filesystem::path& path, int extended_code, const std::string& detail);

/// Runs `work` and turns SQLite's exceptions into DatabaseError.
template <class Work>
decltype(auto) translate_errors(const std::filesystem::path& path, Work&& work) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    throw DatabaseError(database_error_text(path, error.getExtendedErrorCode(), error.what()));
  }
}

}  // namespace drawlab::results
