#include "results/store.hpp"

#include "results/store_impl.hpp"

#include <array>
#include <utility>

namespace drawlab::results {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::pair<Status, const char*>, 6> kStatusNames = {{{Status::pending, "pending"},
                                                                         {Status::running, "running"},
                                                                         {Status::stopped, "stopped"},
                                                                         {Status::done, "done"},
                                                                         {Status::diverged, "diverged"},
                                                                         {Status::failed, "failed"}}};

}  // namespace

const char* status_name(Status status) {
  for (const auto& [value, name] : kStatusNames) {
    if (value == status) return name;
  }
  return "unknown";
}

Status status_of(const std::string& name) {
  for (const auto& [value, known] : kStatusNames) {
    if (name == known) return value;
  }
  throw DatabaseError("the database holds a run with the status '" + name +
                      "'; known: pending, running, stopped, done, diverged, failed");
}

Store::Store(const fs::path& path, Mode mode) : impl_(std::make_unique<Impl>()) {
  impl_->path = path;
  impl_->database = open_database(path, mode);
}

Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

const fs::path& Store::path() const { return impl_->path; }

fs::path Store::checkpoint_folder() const { return impl_->path.parent_path() / "checkpoints"; }

std::string Store::relative(const fs::path& file) const {
  const fs::path folder = fs::absolute(impl_->path).parent_path().lexically_normal();
  const fs::path absolute = fs::absolute(file).lexically_normal();
  const fs::path below = absolute.lexically_relative(folder);
  const bool outside = below.empty() || *below.begin() == "..";
  return (outside ? absolute : below).generic_string();
}

void Store::put_experiment(const std::string& name, const std::string& description, const std::string& file,
                           const std::string& text) {
  impl_->write([&](SQLite::Database& database) {
    execute(database,
            "INSERT INTO experiment (name, description, file, text) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET description = excluded.description, file = excluded.file, "
            "text = excluded.text, updated = excluded.updated",
            name, description, file, text);
  });
}

ExperimentRow Store::experiment(const std::string& name) const {
  return impl_->read([&](SQLite::Database& database) {
    SQLite::Statement statement(database, "SELECT description, file, text FROM experiment WHERE name = ?");
    statement.bind(1, name);
    ExperimentRow row{name, {}, {}, {}};
    if (statement.executeStep()) {
      row.description = statement.getColumn(0).getString();
      row.file = statement.getColumn(1).getString();
      row.text = statement.getColumn(2).getString();
    }
    return row;
  });
}

std::string Store::dataset_text(RunId id) const {
  return impl_->read([&](SQLite::Database& database) {
    SQLite::Statement statement(
        database,
        "SELECT run.dataset, dataset.checksum, dataset.provenance, "
        "(SELECT group_concat(json_extract(value, '$.name') || ' ' || json_extract(value, '$.checksum'), ', ') "
        "FROM json_each(dataset.sources)) "
        "FROM run LEFT JOIN dataset ON dataset.id = run.dataset_id WHERE run.id = ?");
    statement.bind(1, id);
    if (!statement.executeStep()) return std::string();
    std::string text = statement.getColumn(0).getString();
    if (!statement.isColumnNull(1)) {
      text += ", checksum " + statement.getColumn(1).getString() + ", " + statement.getColumn(2).getString();
    }
    if (!statement.isColumnNull(3)) text += ", made of " + statement.getColumn(3).getString();
    return text;
  });
}

}  // namespace drawlab::results
