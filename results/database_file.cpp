#include "results/database_file.hpp"

#include "results/connection.hpp"

namespace drawlab::results {

namespace fs = std::filesystem;

DatabaseFile::DatabaseFile(const fs::path& path, Mode mode) : connection_(std::make_unique<Connection>(path, mode)) {}
DatabaseFile::~DatabaseFile() = default;

const fs::path& DatabaseFile::path() const { return connection_->path(); }

std::string DatabaseFile::damage() const {
  return connection_->read([](SQLite::Database& database) {
    const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
    return found == "ok" ? std::string() : found;
  });
}

fs::path DatabaseFile::checkpoint_folder() const { return path().parent_path() / "checkpoints"; }

std::string DatabaseFile::relative(const fs::path& file) const { return connection_->relative(file); }

}  // namespace drawlab::results
