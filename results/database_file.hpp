#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace drawlab::results {

class Connection;

/// An open results database: an SQLite file in WAL mode. May be used from many threads at once, but not by both
/// processes after a fork. Throws DatabaseError.
class DatabaseFile {
 public:
  enum class Mode { read_only, read_write };
  /// Opens the file; read_write also creates and migrates it. Rejects, with one sentence each, a database that a newer
  /// drawlab wrote, one that is not drawlab's, and one in a folder that cannot be written.
  DatabaseFile(const std::filesystem::path& path, Mode mode);
  ~DatabaseFile();
  DatabaseFile(const DatabaseFile&) = delete;
  DatabaseFile& operator=(const DatabaseFile&) = delete;

  const std::filesystem::path& path() const;
  /// The first damage that SQLite finds in the file; empty if there is none. Reads the whole file.
  std::string damage() const;
  /// <folder of the database>/checkpoints.
  std::filesystem::path checkpoint_folder() const;
  /// How the database stores a path: relative to the database's folder if the file is below it, else absolute.
  std::string relative(const std::filesystem::path& file) const;

 protected:
  Connection& connection() const { return *connection_; }

 private:
  std::unique_ptr<Connection> connection_;
};

}  // namespace drawlab::results
