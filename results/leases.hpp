#pragma once

#include "results/status.hpp"

#include <cstdint>
#include <string>

namespace SQLite {
class Database;
}

namespace drawlab::results {

class Connection;

/// How often the holder of a lease has to call Leases::heartbeat, and after how long without it the lease has lapsed.
inline constexpr int kHeartbeatSeconds = 2;
inline constexpr int kLeaseSeconds = 10;

/// Where a run trains.
struct Machine {
  std::string host, processor, instruction_set;
  int threads = 1;
  std::int64_t process = 0;
};

/// Who trains which run: at most one process per run. Throws DatabaseError.
class Leases {
 public:
  explicit Leases(Connection& connection) : connection_(connection) {}

  /// Takes the lease of a run that no process trains; returns true for exactly one of several callers. `holder` names
  /// the caller. A lease is free if its holder released it, if it lapsed, or if its process on this machine is gone; a
  /// live process on this machine keeps it however late its heartbeat. The lease of a run that is done is never given.
  bool acquire(RunId id, const std::string& holder, const Machine& machine);
  /// Keeps the lease and adds the seconds trained since the last call; returns false if another process took it.
  bool heartbeat(RunId id, const std::string& holder, double seconds);
  /// Ends the lease with the run's new status (stopped, done, diverged, failed); does nothing if another process took
  /// it.
  void release(RunId id, const std::string& holder, Status status, const std::string& error = {},
               std::int64_t diverged_step = 0);
  /// For a process that died with its lease, or before it took one: the run becomes `failed` (or stays resumable as
  /// `stopped`). Does nothing if the process released the lease itself or another process holds it.
  void abandon(RunId id, const std::string& holder, Status status, const std::string& error);

  /// Whether a process holds the run's lease now.
  static bool is_live(SQLite::Database& database, RunId id);

 private:
  Connection& connection_;
};

}  // namespace drawlab::results
