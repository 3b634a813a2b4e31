#include "results/leases.hpp"

#include "results/connection.hpp"
#include "system/process_name.hpp"

#include <unistd.h>

#include <cstring>
#include <utility>

namespace drawlab::results {

namespace {

/// Replaces NOW by the present time, UTC in ISO 8601, and CLOCK by the present time in seconds since 1970.
std::string with_now(std::string sql) {
  for (const auto& [word, time] : {std::pair("NOW", "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"),
                                   std::pair("CLOCK", "CAST(strftime('%s', 'now') AS INTEGER)")}) {
    for (auto at = sql.find(word); at != std::string::npos; at = sql.find(word, at)) {
      sql.replace(at, std::strlen(word), time);
    }
  }
  return sql;
}

void end_session(SQLite::Database& database, RunId id, const char* ending) {
  execute(database,
          with_now("UPDATE session SET ended = NOW, ending = ? WHERE id = (SELECT session FROM lease WHERE run = ?)"),
          ending, id);
  execute(database, "DELETE FROM lease WHERE run = ?", id);
}

void set_status(SQLite::Database& database, RunId id, Status status, const std::string& error,
                std::int64_t diverged_step) {
  execute(database,
          with_now("UPDATE run SET status = ?, error = nullif(?, ''), diverged_step = nullif(?, 0), finished = NOW "
                   "WHERE id = ?"),
          status_name(status), error, diverged_step, id);
}

bool holds(SQLite::Database& database, RunId id, const std::string& holder) {
  return Rows(database, "SELECT 1 FROM lease WHERE run = ? AND holder = ?", id, holder).next();
}

}  // namespace

bool Leases::is_live(SQLite::Database& database, RunId id) {
  Rows lease(database,
             with_now("SELECT machine, process, process_start, CLOCK - heartbeat AS age "
                      "FROM lease JOIN session ON session.id = lease.session WHERE lease.run = ?"),
             id);
  if (!lease.next()) return false;
  switch (liveness({lease.text("machine"), lease.integer("process"), lease.integer("process_start")})) {
    case Liveness::alive:
      return true;
    case Liveness::gone:
      return false;
    case Liveness::unknown:
      break;
  }
  return lease.integer("age") < kLeaseSeconds;
}

bool Leases::acquire(RunId id, const std::string& holder, const Machine& machine) {
  const ProcessName process = process_name(machine.process > 0 ? machine.process : getpid());
  return connection_.write_to_run(id, [&](SQLite::Database& database) {
    const bool done = Rows(database, "SELECT 1 FROM run WHERE id = ? AND status = 'done'", id).next();
    if (done || is_live(database, id)) return false;
    end_session(database, id, "lost");
    execute(database,
            "INSERT INTO session (run, holder, host, processor, instruction_set, threads, machine, process, "
            "process_start) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            id, holder, machine.host, machine.processor, machine.instruction_set, machine.threads, process.machine,
            process.number, process.start);
    const std::int64_t session = database.getLastInsertRowid();
    execute(database, with_now("INSERT INTO lease (run, session, holder, heartbeat) VALUES (?, ?, ?, CLOCK)"), id,
            session, holder);
    execute(database,
            with_now("UPDATE run SET status = 'running', error = NULL, diverged_step = NULL, "
                     "started = coalesce(started, NOW), finished = NULL, host = ?, processor = ?, "
                     "instruction_set = ?, threads = ? WHERE id = ?"),
            machine.host, machine.processor, machine.instruction_set, machine.threads, id);
    return true;
  });
}

bool Leases::heartbeat(RunId id, const std::string& holder, double seconds) {
  return connection_.write([&](SQLite::Database& database) {
    if (!holds(database, id, holder)) return false;
    execute(database, with_now("UPDATE lease SET heartbeat = CLOCK WHERE run = ?"), id);
    execute(database, "UPDATE session SET seconds = seconds + ? WHERE id = (SELECT session FROM lease WHERE run = ?)",
            seconds, id);
    execute(database, "UPDATE run SET seconds = seconds + ? WHERE id = ?", seconds, id);
    return true;
  });
}

void Leases::release(RunId id, const std::string& holder, Status status, const std::string& error,
                     std::int64_t diverged_step) {
  connection_.write([&](SQLite::Database& database) {
    if (!holds(database, id, holder)) return;
    end_session(database, id, status_name(status));
    set_status(database, id, status, error, diverged_step);
  });
}

void Leases::abandon(RunId id, const std::string& holder, Status status, const std::string& error) {
  connection_.write([&](SQLite::Database& database) {
    if (holds(database, id, holder)) {
      end_session(database, id, "died");
    } else {
      const bool open = Rows(database,
                             "SELECT 1 FROM run WHERE id = ? AND status IN ('pending', 'running', 'stopped') "
                             "AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.run = run.id)",
                             id)
                            .next();
      if (!open) return;
    }
    set_status(database, id, status, error, 0);
  });
}

}  // namespace drawlab::results
