#include "results/runs.hpp"

#include "results/connection.hpp"
#include "results/leases.hpp"

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
  Rows row(database,
           "INSERT INTO dataset (name, checksum, provenance, sources) VALUES (?, ?, ?, ?) "
           "ON CONFLICT (name, checksum, provenance) DO UPDATE SET sources = excluded.sources RETURNING id",
           data.name, data.checksum, data.provenance, sources_json(data));
  row.next();
  return row.integer("id");
}

void put_plugins(SQLite::Database& database, RunId id, const std::vector<NewRun::Plugin>& plugins) {
  execute(database, "DELETE FROM run_plugin WHERE run = ?", id);
  for (const auto& plugin : plugins) {
    // The update changes nothing; it makes RETURNING return a row that is there already.
    Rows row(database,
             "INSERT INTO plugin (kind, name, version, sha256, path) VALUES (?, ?, ?, ?, ?) "
             "ON CONFLICT (kind, name, version, sha256, path) DO UPDATE SET kind = excluded.kind RETURNING id",
             plugin.kind, plugin.name, plugin.version, plugin.sha256, plugin.path);
    row.next();
    execute(database, "INSERT OR IGNORE INTO run_plugin (run, plugin) VALUES (?, ?)", id, row.integer("id"));
  }
}

/// Updates everything that may differ between two commands that mean the same run.
void refresh(SQLite::Database& database, RunId id, const NewRun& run) {
  execute(database,
          "UPDATE run SET label = ?, config = ?, task = ?, dataset = ?, read = ?, write = ?, repeat = ?, version = ?, "
          "git_commit = nullif(?, ''), git_dirty = ?, dataset_id = ? WHERE id = ?",
          run.label, run.config, task_name(run.task), run.dataset, run.read, run.write, run.repeat, run.version,
          run.git_commit, run.git_dirty ? 1 : 0, put_dataset(database, run.data), id);
  put_plugins(database, id, run.plugins);
}

constexpr const char* kSelectRuns =
    "SELECT run.*, dataset.checksum || ' ' || dataset.sources AS dataset_checksums, run_result.*, "
    "artifact.path AS checkpoint, artifact.sha256 AS checkpoint_sha256 "
    "FROM run JOIN run_result ON run_result.run = run.id "
    "LEFT JOIN dataset ON dataset.id = run.dataset_id "
    "LEFT JOIN artifact ON artifact.run = run.id AND artifact.kind = 'checkpoint' ";

Status status_of(const Rows& row) {
  const std::string name = row.text("status");
  if (const auto status = parse_status(name)) return *status;
  throw DatabaseError("the database holds a run with the status '" + name +
                      "'; known: pending, running, stopped, done, diverged, failed");
}

Task task_of(const Rows& row) {
  const std::string name = row.text("task");
  if (const auto task = parse_task(name)) return *task;
  throw DatabaseError("the database holds a run with the task '" + name + "'; known: generate, classify");
}

RunRow read_run(SQLite::Database& database, const Rows& row) {
  RunRow run;
  run.id = row.integer("id");
  run.experiment = row.text("experiment");
  run.label = row.text("label");
  run.identity = row.text("identity");
  run.config = row.text("config");
  run.dataset = row.text("dataset");
  run.dataset_checksums = row.text("dataset_checksums");
  run.task = task_of(row);
  run.read = row.text("read");
  run.write = row.text("write");
  run.seed = static_cast<std::uint64_t>(row.integer("seed"));
  run.status = status_of(row);
  run.epochs = row.integer("epochs");
  run.error = row.text("error");
  run.diverged_step = row.integer("diverged_step");
  run.seconds = row.real("seconds");
  run.best_nll = row.optional_real("best_nll");
  run.test_nll = row.optional_real("test_nll");
  run.test_reconstruction = row.optional_real("test_reconstruction");
  run.test_kl = row.optional_real("test_kl");
  run.test_error = row.optional_real("test_error");
  run.checkpoint = row.text("checkpoint");
  run.checkpoint_sha256 = row.text("checkpoint_sha256");
  run.started = row.text("started");
  run.finished = row.text("finished");
  run.version = row.text("version");
  run.host = row.text("host");
  run.processor = row.text("processor");
  run.instruction_set = row.text("instruction_set");
  run.git_commit = row.text("git_commit");
  run.git_dirty = row.integer("git_dirty") != 0;
  run.threads = static_cast<int>(row.integer("threads"));
  run.interrupted =
      run.status == Status::stopped || (run.status == Status::running && !Leases::is_live(database, run.id));
  return run;
}

template <class... Values>
std::vector<RunRow> select_runs(Connection& connection, const std::string& condition, const Values&... values) {
  return connection.read([&](SQLite::Database& database) {
    std::vector<RunRow> runs;
    for (Rows row(database, kSelectRuns + condition, values...); row.next();) runs.push_back(read_run(database, row));
    return runs;
  });
}

std::optional<RunRow> first_of(std::vector<RunRow> runs) {
  if (runs.empty()) return std::nullopt;
  return std::move(runs.front());
}

}  // namespace

void Runs::put_experiment(const std::string& name, const std::string& description, const std::string& file,
                          const std::string& text) {
  connection_.write([&](SQLite::Database& database) {
    execute(database,
            "INSERT INTO experiment (name, description, file, text) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET description = excluded.description, file = excluded.file, "
            "text = excluded.text, updated = excluded.updated",
            name, description, file, text);
  });
}

ExperimentRow Runs::experiment(const std::string& name) const {
  return connection_.read([&](SQLite::Database& database) {
    Rows row(database, "SELECT description, file, text FROM experiment WHERE name = ?", name);
    if (!row.next()) return ExperimentRow{name, {}, {}, {}};
    return ExperimentRow{name, row.text("description"), row.text("file"), row.text("text")};
  });
}

std::string Runs::checksums_text(const NewRun::Dataset& data) { return data.checksum + ' ' + sources_json(data); }

std::string Runs::dataset_text(RunId id) const {
  return connection_.read([&](SQLite::Database& database) {
    Rows row(database,
             "SELECT run.dataset, dataset.checksum, dataset.provenance, "
             "(SELECT group_concat(json_extract(value, '$.name') || ' ' || json_extract(value, '$.checksum'), ', ') "
             "FROM json_each(dataset.sources)) AS sources "
             "FROM run LEFT JOIN dataset ON dataset.id = run.dataset_id WHERE run.id = ?",
             id);
    if (!row.next()) return std::string();
    std::string text = row.text("dataset");
    if (!row.is_null("checksum")) text += ", checksum " + row.text("checksum") + ", " + row.text("provenance");
    if (!row.is_null("sources")) text += ", made of " + row.text("sources");
    return text;
  });
}

RunId Runs::put_run(const NewRun& run, bool fresh) {
  return connection_.write([&](SQLite::Database& database) -> RunId {
    execute(database, "INSERT INTO experiment (name) VALUES (?) ON CONFLICT (name) DO NOTHING", run.experiment);
    std::int64_t attempt = 1;
    if (Rows latest(database,
                    "SELECT id, attempt, status FROM run WHERE experiment = ? AND identity = ? "
                    "ORDER BY attempt DESC LIMIT 1",
                    run.experiment, run.identity);
        latest.next()) {
      if (!fresh) {
        const RunId id = latest.integer("id");
        if (status_of(latest) != Status::done && !Leases::is_live(database, id)) refresh(database, id, run);
        return id;
      }
      attempt = latest.integer("attempt") + 1;
    }
    execute(database,
            "INSERT INTO run (experiment, identity, attempt, config, task, dataset, seed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            run.experiment, run.identity, attempt, run.config, task_name(run.task), run.dataset,
            static_cast<std::int64_t>(run.seed));
    const RunId id = database.getLastInsertRowid();
    refresh(database, id, run);
    return id;
  });
}

bool Runs::adopt_run(RunId id, const NewRun& run) {
  return connection_.write([&](SQLite::Database& database) {
    if (Leases::is_live(database, id)) return false;
    const int changed = execute(database,
                                "UPDATE run SET identity = ?2 WHERE id = ?1 AND experiment = ?3 AND status <> 'done' "
                                "AND NOT EXISTS (SELECT 1 FROM run WHERE experiment = ?3 AND identity = ?2)",
                                id, run.identity, run.experiment);
    if (changed == 0) return false;
    refresh(database, id, run);
    return true;
  });
}

std::optional<RunRow> Runs::run(RunId id) const { return first_of(select_runs(connection_, "WHERE run.id = ?", id)); }

std::optional<RunRow> Runs::find_run(const std::string& experiment, const std::string& identity) const {
  return first_of(select_runs(connection_,
                              "WHERE run.experiment = ? AND run.identity = ? ORDER BY run.attempt DESC LIMIT 1",
                              experiment, identity));
}

std::vector<RunRow> Runs::runs(const std::string& experiment) const {
  return select_runs(connection_, "WHERE ?1 = '' OR run.experiment = ?1 ORDER BY run.id", experiment);
}

}  // namespace drawlab::results
