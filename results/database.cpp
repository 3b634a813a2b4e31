#include "results/database.hpp"

#include <sqlite3.h>

#include <chrono>
#include <system_error>
#include <thread>

namespace drawlab::results {

namespace fs = std::filesystem;

namespace {

std::int64_t pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt64();
}

bool has_tables(SQLite::Database& database) {
  return database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt64() > 0;
}

// True where the database is ours already, false where it is empty and may become ours.
bool check_identity(SQLite::Database& database, const fs::path& path) {
  // One transaction, or another process might make its schema between two of the questions.
  const SQLite::Transaction snapshot(database);
  const std::int64_t application = pragma(database, "application_id");
  const std::int64_t version = pragma(database, "user_version");
  if (application != kApplicationId) {
    if (application == 0 && version == 0 && !has_tables(database)) return false;
    throw DatabaseError(path.string() +
                        ": this is another program's SQLite database, not drawlab's; name another file with --db");
  }
  const auto known = static_cast<std::int64_t>(embedded_migrations().size());
  if (version > known) {
    throw DatabaseError(path.string() + ": written by a newer drawlab (its schema has number " +
                        std::to_string(version) + ", this program knows up to " + std::to_string(known) +
                        "); use that drawlab, or another file with --db");
  }
  return true;
}

// `?` and `#` end a URI's path, `%` escapes.
std::string immutable_uri(const fs::path& path) {
  std::string uri = "file:";
  for (const char letter : fs::absolute(path).string()) {
    if (letter == '?' || letter == '#' || letter == '%') {
      constexpr const char* kDigits = "0123456789abcdef";
      uri += '%';
      uri += kDigits[(static_cast<unsigned char>(letter) >> 4) & 15];
      uri += kDigits[static_cast<unsigned char>(letter) & 15];
    } else {
      uri += letter;
    }
  }
  return uri + "?immutable=1";
}

bool has_log(const fs::path& path) {
  std::error_code ignored;
  const auto size = fs::file_size(path.string() + "-wal", ignored);
  return !ignored && size > 0;
}

std::unique_ptr<SQLite::Database> open_read_only(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    throw DatabaseError(path.string() + ": there is no such database; `drawlab run` makes one, --db names another");
  }
  auto opened = [&](const std::string& name, int flags) {
    auto database = std::make_unique<SQLite::Database>(name, SQLite::OPEN_READONLY | flags, kBusyMilliseconds);
    if (!check_identity(*database, path)) {
      throw DatabaseError(path.string() + ": the database is empty; `drawlab run` fills it");
    }
    return database;
  };
  try {
    return opened(path.string(), 0);
  } catch (const SQLite::Exception& error) {
    // WAL needs its shared-memory file; where none can be made and no log is left, the file alone is everything.
    const int code = error.getErrorCode();
    if ((code != SQLITE_CANTOPEN && code != SQLITE_READONLY) || has_log(path)) throw;
    return opened(immutable_uri(path), SQLite::OPEN_URI);
  }
}

// Changing the journal mode is refused at once, without the busy timeout, while another process opens the file too.
void enter_wal(SQLite::Database& database) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyMilliseconds);
  for (;;) {
    try {
      SQLite::Statement(database, "PRAGMA journal_mode = WAL").executeStep();
      return;
    } catch (const SQLite::Exception& error) {
      if (error.getErrorCode() != SQLITE_BUSY || std::chrono::steady_clock::now() > end) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
}

std::unique_ptr<SQLite::Database> open_read_write(const fs::path& path) {
  const fs::path folder = path.parent_path();
  std::error_code failure;
  if (!folder.empty() && !fs::is_directory(folder, failure)) {
    fs::create_directories(folder, failure);
    if (failure) {
      throw DatabaseError(path.string() + ": the folder " + folder.string() + " cannot be made (" + failure.message() +
                          "); name another place with --db");
    }
  }
  auto database = std::make_unique<SQLite::Database>(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                                                     kBusyMilliseconds);
  // SQLite opens a file that it may not write for reading, without a word.
  if (sqlite3_db_readonly(database->getHandle(), "main") == 1) {
    throw DatabaseError(database_error_text(path, SQLITE_READONLY, "read-only file"));
  }
  // A database that was made to be given away keeps its journal, and so stays one file.
  if (!check_identity(*database, path)) enter_wal(*database);
  database->exec("PRAGMA synchronous = FULL");
  // A migration may rebuild a table that others refer to.
  database->exec("PRAGMA foreign_keys = OFF");
  migrate(*database, embedded_migrations());
  database->exec("PRAGMA foreign_keys = ON");
  return database;
}

}  // namespace

std::unique_ptr<SQLite::Database> open_database(const fs::path& path, DatabaseFile::Mode mode) {
  return translate_errors(
      path, [&] { return mode == DatabaseFile::Mode::read_only ? open_read_only(path) : open_read_write(path); });
}

void migrate(SQLite::Database& database, std::span<const EmbeddedSql> migrations) {
  const auto newest = static_cast<std::int64_t>(migrations.size());
  if (pragma(database, "user_version") >= newest && pragma(database, "application_id") == kApplicationId) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  // Another process may have migrated while this one waited for the write lock.
  for (std::int64_t version = pragma(database, "user_version"); version < newest; ++version) {
    database.exec(std::string(migrations[static_cast<std::size_t>(version)].text));
  }
  database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
  database.exec("PRAGMA user_version = " + std::to_string(newest));
  transaction.commit();
}

}  // namespace drawlab::results
