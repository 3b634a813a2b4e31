#include "results/publish.hpp"

#include "results/connection.hpp"
#include "results/store.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <system_error>

namespace drawlab::results {

namespace fs = std::filesystem;

namespace {

/// What is written in place of a column's value.
using Replacements = std::map<std::string, std::string>;

/// An INSERT that copies a table's rows of the run ?1, with the number ?2 where the table names the run.
std::string copying(SQLite::Database& database, const std::string& table, const std::string& condition,
                    const Replacements& replacements) {
  std::string columns;
  std::string values;
  for (Rows row(database, "SELECT name FROM pragma_table_info(?, 'source') ORDER BY cid", table); row.next();) {
    const std::string name = row.text("name");
    const auto replaced = replacements.find(name);
    const std::string value = replaced == replacements.end() ? name : replaced->second;
    if (value.empty()) continue;
    columns += (columns.empty() ? "" : ", ") + name;
    values += (values.empty() ? "" : ", ") + value;
  }
  return "INSERT INTO main." + table + " (" + columns + ") SELECT " + values + " FROM source." + table + " WHERE " +
         condition + " ORDER BY 1, 2";
}

/// Rows with numbers of their own get new ones.
void copy_rows(SQLite::Database& database, const std::string& table, RunId from, RunId to,
               Replacements replacements = {}, const std::string& condition = "run = ?1") {
  replacements.insert({{"id", ""}, {"run", "?2"}});
  execute(database, copying(database, table, condition, replacements), from, to);
}

/// SQL for what follows the last slash of a path.
std::string last_part(const std::string& path) {
  return "replace(" + path + ", rtrim(" + path + ", replace(" + path + ", '/', '')), '')";
}

std::string relative_to(const fs::path& database, const fs::path& file) {
  const fs::path folder = fs::absolute(database).parent_path().lexically_normal();
  return fs::absolute(file).lexically_normal().lexically_relative(folder).generic_string();
}

/// The run's number in the target: the one that it had, or a new one.
RunId put_run_row(SQLite::Database& database, RunId from) {
  std::optional<RunId> number;
  if (Rows known(database,
                 "SELECT old.id FROM main.run AS old JOIN source.run AS new USING (experiment, identity, attempt) "
                 "WHERE new.id = ?",
                 from);
      known.next()) {
    number = known.integer("id");
  }
  if (number) execute(database, "DELETE FROM main.run WHERE id = ?", *number);

  const std::string sql = copying(database, "run", "source.run.id = ?1",
                                  {{"id", "?2"},
                                   {"host", "NULL"},
                                   {"dataset_id",
                                    "(SELECT copy.id FROM main.dataset AS copy JOIN source.dataset AS given "
                                    "USING (name, checksum, provenance) WHERE given.id = source.run.dataset_id)"}});
  execute(database, sql, from, number);  // NULL: the next number
  return number ? *number : database.getLastInsertRowid();
}

void put_what_runs_share(SQLite::Database& database, RunId from) {
  execute(database,
          "INSERT INTO main.experiment (name, description, file, text, created, updated) "
          "SELECT name, description, " +
              last_part("file") +
              ", text, created, updated FROM source.experiment "
              "WHERE name = (SELECT experiment FROM source.run WHERE id = ?) "
              "ON CONFLICT (name) DO UPDATE SET description = excluded.description, file = excluded.file, "
              "text = excluded.text, updated = excluded.updated",
          from);
  execute(database,
          "INSERT INTO main.dataset (name, checksum, provenance, sources) SELECT name, checksum, provenance, sources "
          "FROM source.dataset WHERE id = (SELECT dataset_id FROM source.run WHERE id = ?) "
          "ON CONFLICT (name, checksum, provenance) DO UPDATE SET sources = excluded.sources",
          from);
}

void put_plugins(SQLite::Database& database, RunId from, RunId to) {
  execute(database,
          "INSERT OR IGNORE INTO main.plugin (kind, name, version, sha256, path) "
          "SELECT kind, name, version, sha256, " +
              last_part("path") +
              " FROM source.plugin "
              "WHERE id IN (SELECT plugin FROM source.run_plugin WHERE run = ?)",
          from);
  execute(
      database,
      "INSERT INTO main.run_plugin (run, plugin) SELECT ?2, min(copy.id) FROM source.run_plugin "
      "JOIN source.plugin AS given ON given.id = source.run_plugin.plugin "
      "JOIN main.plugin AS copy USING (kind, name, version, sha256) WHERE source.run_plugin.run = ?1 GROUP BY given.id",
      from, to);
}

void put_weights(SQLite::Database& database, const fs::path& target, RunId from, RunId to,
                 const PublishedWeights& weights) {
  // Bounds were measured with these weights, wherever they lay.
  execute(database,
          "UPDATE main.evaluation SET checkpoint_sha256 = ?3 WHERE run = ?2 AND checkpoint_sha256 = "
          "(SELECT sha256 FROM source.artifact WHERE run = ?1 AND kind = 'checkpoint')",
          from, to, weights.sha256);
  execute(database,
          "INSERT INTO main.artifact (run, kind, path, sha256, epoch, step, written) "
          "SELECT ?2, kind, ?3, ?4, epoch, step, written FROM source.artifact WHERE run = ?1 AND kind = 'checkpoint'",
          from, to, relative_to(target, weights.file), weights.sha256);
}

/// A command with only the last part of every absolute path in it.
std::string without_folders(const std::string& command) {
  constexpr const char* kBefore = " =:'\"";  // what may stand before a path
  std::string text;
  for (std::size_t at = 0; at < command.size(); ++at) {
    text += command[at];
    const bool path = command[at] == '/' && (at == 0 || std::strchr(kBefore, command[at - 1]) != nullptr);
    if (!path) continue;
    const std::size_t end = std::min(command.find_first_of(" :'\"", at), command.size());
    const std::size_t last = command.rfind('/', end - 1);
    text.pop_back();
    text += command.substr(last + 1, end - last - 1);
    at = end - 1;
  }
  return text;
}

void put_commands(SQLite::Database& database, RunId from, RunId to) {
  copy_rows(database, "event", from, to, {}, "run = ?1 AND name IN ('command', 'adopted')");
  std::map<RunId, std::string> shortened;
  for (Rows row(database, "SELECT id, text FROM main.event WHERE run = ? AND name = 'command'", to); row.next();) {
    shortened[row.integer("id")] = without_folders(row.text("text"));
  }
  for (const auto& [id, text] : shortened) {
    execute(database, "UPDATE main.event SET text = ?2 WHERE id = ?1", id, text);
  }
}

RunId publish_run(SQLite::Database& database, const fs::path& target, const PublishedRun& run) {
  put_what_runs_share(database, run.id);
  const RunId to = put_run_row(database, run.id);
  put_plugins(database, run.id, to);
  copy_rows(database, "session", run.id, to,
            {{"holder", "''"}, {"host", "''"}, {"machine", "''"}, {"process", "0"}, {"process_start", "0"}});
  for (const char* const table : {"metric", "image", "confusion", "evaluation"}) copy_rows(database, table, run.id, to);
  put_commands(database, run.id, to);  // other events tell of files and machines
  if (run.weights) put_weights(database, target, run.id, to, *run.weights);
  return to;
}

}  // namespace

std::vector<RunId> publish(const fs::path& source, const fs::path& target, std::span<const PublishedRun> runs) {
  {
    // Opened for writing, so that it has today's schema.
    const Store given(source);
    for (const PublishedRun& run : runs) {
      const auto row = given.run(run.id);
      if (!row) throw DatabaseError(source.string() + ": there is no run " + std::to_string(run.id));
      if (row->status != Status::done && row->status != Status::stopped) {
        throw DatabaseError(source.string() + ": run " + std::to_string(run.id) + " is " + status_name(row->status) +
                            "; only runs that are done or stopped are published");
      }
    }
  }
  std::error_code ignored;
  if (fs::equivalent(source, target, ignored)) {
    throw DatabaseError(target.string() + ": is the database that the runs are in; name another file");
  }
  const auto database = open_database(target, Store::Mode::read_write);
  return translate_errors(target, [&] {
    execute(*database, "ATTACH ? AS source", source.string());
    std::vector<RunId> numbers;
    {
      SQLite::Transaction transaction(*database, SQLite::TransactionBehavior::IMMEDIATE);
      for (const PublishedRun& run : runs) numbers.push_back(publish_run(*database, target, run));
      execute(*database, "DELETE FROM main.plugin WHERE id NOT IN (SELECT plugin FROM main.run_plugin)");
      transaction.commit();
    }
    database->exec("DETACH source");
    SQLite::Statement(*database, "PRAGMA journal_mode = DELETE").executeStep();
    database->exec("VACUUM");
    return numbers;
  });
}

}  // namespace drawlab::results
