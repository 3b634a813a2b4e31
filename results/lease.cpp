#include "results/store_impl.hpp"
#include "system/process_name.hpp"

#include <unistd.h>

namespace drawlab::results {

namespace {

constexpr const char* kNow = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";

std::string with_now(const std::string& sql) {
  std::string text = sql;
  for (auto at = text.find("NOW"); at != std::string::npos; at = text.find("NOW", at)) text.replace(at, 3, kNow);
  return text;
}

void end_session(SQLite::Database& database, RunId id, const char* ending) {
  SQLite::Statement session(database, with_now("UPDATE session SET ended = NOW, ending = ? "
                                               "WHERE id = (SELECT session FROM lease WHERE run = ?)"));
  bind_all(session, ending, id);
  session.exec();
  execute(database, "DELETE FROM lease WHERE run = ?", id);
}

void set_status(SQLite::Database& database, RunId id, Status status, const std::string& error,
                std::int64_t diverged_step) {
  SQLite::Statement statement(database, with_now("UPDATE run SET status = ?, error = nullif(?, ''), "
                                                 "diverged_step = nullif(?, 0), finished = NOW WHERE id = ?"));
  bind_all(statement, status_name(status), error, diverged_step, id);
  statement.exec();
}

bool holds(SQLite::Database& database, RunId id, const std::string& holder) {
  SQLite::Statement statement(database, "SELECT 1 FROM lease WHERE run = ? AND holder = ?");
  bind_all(statement, id, holder);
  return statement.executeStep();
}

}  // namespace

bool lease_is_live(SQLite::Database& database, RunId id) {
  SQLite::Statement statement(database,
                              "SELECT machine, process, process_start, "
                              "CAST(strftime('%s', 'now') AS INTEGER) - heartbeat "
                              "FROM lease JOIN session ON session.id = lease.session WHERE lease.run = ?");
  statement.bind(1, id);
  if (!statement.executeStep()) return false;
  const ProcessName process{statement.getColumn(0).getString(), statement.getColumn(1).getInt64(),
                            statement.getColumn(2).getInt64()};
  switch (liveness(process)) {
    case Liveness::alive:
      return true;
    case Liveness::gone:
      return false;
    case Liveness::unknown:
      break;
  }
  return statement.getColumn(3).getInt64() < kLeaseSeconds;
}

bool Store::acquire(RunId id, const std::string& holder, const Machine& machine) {
  const ProcessName process = process_name(machine.process > 0 ? machine.process : getpid());
  return impl_->write([&](SQLite::Database& database) {
    impl_->require_run(database, id);
    SQLite::Statement status(database, "SELECT status = 'done' FROM run WHERE id = ?");
    status.bind(1, id);
    status.executeStep();
    if (status.getColumn(0).getInt() != 0 || lease_is_live(database, id)) return false;
    status.reset();
    end_session(database, id, "lost");
    execute(database,
            "INSERT INTO session (run, holder, host, processor, instruction_set, threads, machine, process, "
            "process_start) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            id, holder, machine.host, machine.processor, machine.instruction_set, machine.threads, process.machine,
            process.number, process.start);
    const std::int64_t session = database.getLastInsertRowid();
    execute(database,
            "INSERT INTO lease (run, session, holder, heartbeat) "
            "VALUES (?, ?, ?, CAST(strftime('%s', 'now') AS INTEGER))",
            id, session, holder);
    SQLite::Statement run(database,
                          with_now("UPDATE run SET status = 'running', error = NULL, diverged_step = NULL, "
                                   "started = coalesce(started, NOW), finished = NULL, host = ?, processor = ?, "
                                   "instruction_set = ?, threads = ? WHERE id = ?"));
    bind_all(run, machine.host, machine.processor, machine.instruction_set, machine.threads, id);
    run.exec();
    return true;
  });
}

bool Store::heartbeat(RunId id, const std::string& holder, double seconds) {
  return impl_->write([&](SQLite::Database& database) {
    if (!holds(database, id, holder)) return false;
    execute(database, "UPDATE lease SET heartbeat = CAST(strftime('%s', 'now') AS INTEGER) WHERE run = ?", id);
    execute(database, "UPDATE session SET seconds = seconds + ? WHERE id = (SELECT session FROM lease WHERE run = ?)",
            seconds, id);
    execute(database, "UPDATE run SET seconds = seconds + ? WHERE id = ?", seconds, id);
    return true;
  });
}

void Store::release(RunId id, const std::string& holder, Status status, const std::string& error,
                    std::int64_t diverged_step) {
  impl_->write([&](SQLite::Database& database) {
    if (!holds(database, id, holder)) return;
    end_session(database, id, status_name(status));
    set_status(database, id, status, error, diverged_step);
  });
}

void Store::abandon(RunId id, const std::string& holder, Status status, const std::string& error) {
  impl_->write([&](SQLite::Database& database) {
    if (holds(database, id, holder)) {
      end_session(database, id, "died");
    } else {
      SQLite::Statement nobody(database,
                               "SELECT 1 FROM run WHERE id = ? AND status IN ('pending', 'running', 'stopped') "
                               "AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.run = run.id)");
      nobody.bind(1, id);
      if (!nobody.executeStep()) return;
    }
    set_status(database, id, status, error, 0);
  });
}

}  // namespace drawlab::results
