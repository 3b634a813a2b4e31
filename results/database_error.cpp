#include "results/database_error.hpp"

#include "results/database.hpp"

#include <sqlite3.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace drawlab::results {

namespace fs = std::filesystem;

namespace {

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

bool disk_is_full(const fs::path& path) {
  struct statvfs status {};
  // Less than the shared-memory file of a log needs.
  return statvfs(folder_of(path).c_str(), &status) == 0 && status.f_bavail * status.f_frsize < 65536;
}

std::string unwritable(const fs::path& path) {
  std::error_code ignored;
  const fs::path folder = folder_of(path);
  if (fs::exists(folder, ignored) && access(folder.c_str(), W_OK) != 0) {
    return "the folder " + folder.string() +
           " cannot be written; give yourself the right to, or name another place "
           "with --db";
  }
  if (fs::exists(path, ignored) && access(path.c_str(), W_OK) != 0) {
    return "the file cannot be written; give yourself the right to, or name another file with --db";
  }
  return {};
}

std::string reason(const fs::path& path, int extended_code, const std::string& detail) {
  std::error_code ignored;
  const int code = extended_code & 0xff;
  if (fs::is_directory(path, ignored)) return "this is a folder, not a database; name a file with --db";
  if (code == SQLITE_FULL || (code == SQLITE_IOERR && disk_is_full(path))) {
    return "the disk is full; free some space and run the same command again: what was recorded before is whole";
  }
  switch (code) {
    case SQLITE_NOTADB:
      return "this is not an SQLite database; name another file with --db";
    case SQLITE_CORRUPT:
      return "the database is damaged (" + detail +
             "); restore it from a copy, or save what is left with "
             "`sqlite3 FILE .recover`";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process has kept the database locked for half a minute; end it, or try again later";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH: {
      if (access(path.c_str(), R_OK) != 0 && fs::exists(path, ignored)) {
        return "the file cannot be read; give yourself the right to, or name another file with --db";
      }
      std::string what = unwritable(path);
      if (!what.empty()) return what;
      break;
    }
    default:
      break;
  }
  return "SQLite reports: " + detail;
}

}  // namespace

std::string database_error_text(const fs::path& path, int extended_code, const std::string& detail) {
  return path.string() + ": " + reason(path, extended_code, detail);
}

}  // namespace drawlab::results
