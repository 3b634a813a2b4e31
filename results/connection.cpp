#include "results/connection.hpp"

namespace drawlab::results {

void Connection::require_run(SQLite::Database& database, RunId id) const {
  if (!Rows(database, "SELECT 1 FROM run WHERE id = ?", id).next()) {
    throw DatabaseError(path_.string() + ": there is no run " + std::to_string(id));
  }
}

std::string Connection::relative(const std::filesystem::path& file) const {
  namespace fs = std::filesystem;
  const fs::path folder = fs::absolute(path_).parent_path().lexically_normal();
  const fs::path absolute = fs::absolute(file).lexically_normal();
  const fs::path below = absolute.lexically_relative(folder);
  const bool outside = below.empty() || *below.begin() == "..";
  return (outside ? absolute : below).generic_string();
}

void bind_value(SQLite::Statement& statement, int index, const std::vector<std::uint8_t>& bytes) {
  // A null pointer would be NULL, not an empty value.
  const void* const start = bytes.empty() ? static_cast<const void*>("") : bytes.data();
  statement.bind(index, start, static_cast<int>(bytes.size()));
}

std::optional<double> Rows::optional_real(const char* column) const {
  if (is_null(column)) return std::nullopt;
  return real(column);
}

std::vector<std::uint8_t> Rows::bytes(const char* column) const {
  const SQLite::Column blob = statement_.getColumn(column);
  const auto* const start = static_cast<const std::uint8_t*>(blob.getBlob());
  return {start, start + blob.getBytes()};
}

}  // namespace drawlab::results
