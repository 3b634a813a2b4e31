#include "results/store_impl.hpp"
#include "system/process_name.hpp"

#include <nlohmann/json.hpp>

namespace drawlab::results {

namespace {

std::string sources_json(const NewRun::Dataset& data) {
  nlohmann::json sources = nlohmann::json::array();
  for (const auto& [name, checksum] : data.sources) sources.push_back({{"name", name}, {"checksum", checksum}});
  return sources.dump();
}

std::optional<std::int64_t> put_dataset(SQLite::Database& database, const NewRun::Dataset& data) {
  if (data.name.empty()) return std::nullopt;
  SQLite::Statement statement(database,
                              "INSERT INTO dataset (name, checksum, provenance, sources) VALUES (?, ?, ?, ?) "
                              "ON CONFLICT (name, checksum, provenance) DO UPDATE SET sources = excluded.sources "
                              "RETURNING id");
  bind_all(statement, data.name, data.checksum, data.provenance, sources_json(data));
  statement.executeStep();
  return statement.getColumn(0).getInt64();
}

void put_plugins(SQLite::Database& database, RunId id, const std::vector<NewRun::Plugin>& plugins) {
  execute(database, "DELETE FROM run_plugin WHERE run = ?", id);
  for (const auto& plugin : plugins) {
    // The update that changes nothing makes RETURNING speak of the row that is there already.
    SQLite::Statement statement(database,
                                "INSERT INTO plugin (kind, name, version, sha256, path) VALUES (?, ?, ?, ?, ?) "
                                "ON CONFLICT (kind, name, version, sha256, path) DO UPDATE SET kind = excluded.kind "
                                "RETURNING id");
    bind_all(statement, plugin.kind, plugin.name, plugin.version, plugin.sha256, plugin.path);
    statement.executeStep();
    const std::int64_t row = statement.getColumn(0).getInt64();
    execute(database, "INSERT OR IGNORE INTO run_plugin (run, plugin) VALUES (?, ?)", id, row);
  }
}

// Everything that may differ between two commands that mean the same run.
void refresh(SQLite::Database& database, RunId id, const NewRun& run) {
  SQLite::Statement statement(database,
                              "UPDATE run SET label = ?, config = ?, task = ?, dataset = ?, read = ?, write = ?, "
                              "repeat = ?, version = ?, git_commit = nullif(?, ''), git_dirty = ?, dataset_id = ? "
                              "WHERE id = ?");
  bind_all(statement, run.label, run.config, run.task, run.dataset, run.read, run.write, run.repeat, run.version,
           run.git_commit, run.git_dirty ? 1 : 0);
  const auto data = put_dataset(database, run.data);
  if (data) {
    statement.bind(11, *data);
  } else {
    statement.bind(11);
  }
  statement.bind(12, id);
  statement.exec();
  put_plugins(database, id, run.plugins);
}

constexpr const char* kRunColumns =
    "SELECT run.id, run.experiment, run.label, run.identity, run.config, run.dataset, dataset.checksum || ' ' || "
    "dataset.sources, run.task, "
    "run.read, run.write, run.seed, run.status, run_result.epochs, run.error, run.diverged_step, run.seconds, "
    "run_result.best_nll, "
    "run_result.test_nll, run_result.test_reconstruction, run_result.test_kl, run_result.test_error, artifact.path, "
    "artifact.sha256, run.started, run.finished, run.version, run.host, run.processor, run.instruction_set, "
    "run.git_commit, run.git_dirty, run.threads "
    "FROM run JOIN run_result ON run_result.run = run.id "
    "LEFT JOIN dataset ON dataset.id = run.dataset_id "
    "LEFT JOIN artifact ON artifact.run = run.id AND artifact.kind = 'checkpoint' ";

std::optional<double> number(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getDouble();
}

RunRow read_row(SQLite::Database& database, SQLite::Statement& row) {
  RunRow run;
  int column = 0;
  auto text = [&] { return row.getColumn(column++).getString(); };
  auto integer = [&] { return row.getColumn(column++).getInt64(); };
  auto real = [&] { return number(row.getColumn(column++)); };
  run.id = integer();
  run.experiment = text();
  run.label = text();
  run.identity = text();
  run.config = text();
  run.dataset = text();
  run.dataset_checksums = text();
  run.task = text();
  run.read = text();
  run.write = text();
  run.seed = static_cast<std::uint64_t>(integer());
  run.status = status_of(text());
  run.epochs = integer();
  run.error = text();
  run.diverged_step = integer();
  run.seconds = real().value_or(0);
  run.best_nll = real();
  run.test_nll = real();
  run.test_reconstruction = real();
  run.test_kl = real();
  run.test_error = real();
  run.checkpoint = text();
  run.checkpoint_sha256 = text();
  run.started = text();
  run.finished = text();
  run.version = text();
  run.host = text();
  run.processor = text();
  run.instruction_set = text();
  run.git_commit = text();
  run.git_dirty = integer() != 0;
  run.threads = static_cast<int>(integer());
  run.interrupted =
      run.status == Status::stopped || (run.status == Status::running && !lease_is_live(database, run.id));
  return run;
}

}  // namespace

std::string Store::checksums_text(const NewRun::Dataset& data) { return data.checksum + ' ' + sources_json(data); }

RunId Store::put_run(const NewRun& run, bool fresh) {
  return impl_->write([&](SQLite::Database& database) -> RunId {
    execute(database, "INSERT INTO experiment (name) VALUES (?) ON CONFLICT (name) DO NOTHING", run.experiment);
    SQLite::Statement latest(database,
                             "SELECT id, attempt, status FROM run WHERE experiment = ? AND identity = ? "
                             "ORDER BY attempt DESC LIMIT 1");
    bind_all(latest, run.experiment, run.identity);
    std::int64_t attempt = 1;
    if (latest.executeStep()) {
      if (!fresh) {
        const RunId id = latest.getColumn(0).getInt64();
        const Status status = status_of(latest.getColumn(2).getString());
        if (status != Status::done && !lease_is_live(database, id)) refresh(database, id, run);
        return id;
      }
      attempt = latest.getColumn(1).getInt64() + 1;
    }
    execute(database,
            "INSERT INTO run (experiment, identity, attempt, config, task, dataset, seed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            run.experiment, run.identity, attempt, run.config, run.task, run.dataset,
            static_cast<std::int64_t>(run.seed));
    const RunId id = database.getLastInsertRowid();
    refresh(database, id, run);
    return id;
  });
}

bool Store::adopt_run(RunId id, const NewRun& run) {
  return impl_->write([&](SQLite::Database& database) {
    if (lease_is_live(database, id)) return false;
    const int changed = execute(database,
                                "UPDATE run SET identity = ?2 WHERE id = ?1 AND experiment = ?3 AND status <> 'done' "
                                "AND NOT EXISTS (SELECT 1 FROM run WHERE experiment = ?3 AND identity = ?2)",
                                id, run.identity, run.experiment);
    if (changed == 0) return false;
    refresh(database, id, run);
    return true;
  });
}

std::optional<RunRow> Store::run(RunId id) const {
  return impl_->read([&](SQLite::Database& database) -> std::optional<RunRow> {
    SQLite::Statement statement(database, std::string(kRunColumns) + "WHERE run.id = ?");
    statement.bind(1, id);
    if (!statement.executeStep()) return std::nullopt;
    return read_row(database, statement);
  });
}

std::optional<RunRow> Store::find_run(const std::string& experiment, const std::string& identity) const {
  return impl_->read([&](SQLite::Database& database) -> std::optional<RunRow> {
    SQLite::Statement statement(database, std::string(kRunColumns) +
                                              "WHERE run.experiment = ? AND run.identity = ? "
                                              "ORDER BY run.attempt DESC LIMIT 1");
    bind_all(statement, experiment, identity);
    if (!statement.executeStep()) return std::nullopt;
    return read_row(database, statement);
  });
}

std::vector<RunRow> Store::runs(const std::string& experiment) const {
  return impl_->read([&](SQLite::Database& database) {
    SQLite::Statement statement(database,
                                std::string(kRunColumns) + "WHERE ?1 = '' OR run.experiment = ?1 ORDER BY run.id");
    statement.bind(1, experiment);
    std::vector<RunRow> rows;
    while (statement.executeStep()) rows.push_back(read_row(database, statement));
    return rows;
  });
}

}  // namespace drawlab::results
