#pragma once

#include "results/store.hpp"
#include "system/stopwatch.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

namespace drawlab::runner {

/// Renews a run's lease from its own thread while the cell trains.
class LeaseKeeper {
 public:
  LeaseKeeper(const std::filesystem::path& database, results::RunId run, std::string holder);
  /// Stops the thread; the lease itself stays until it is released.
  ~LeaseKeeper();

  /// Whether another process holds the lease now: then stop, and record nothing more.
  bool lost() const { return lost_; }
  /// Stops the thread and records the seconds since the last heartbeat.
  void finish();

 private:
  void keep();

  results::Store store_;  // its own connection: the thread shares nothing
  results::RunId run_;
  std::string holder_;
  std::atomic<bool> lost_ = false;
  Stopwatch since_last_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

/// A name of a lease holder that no other process uses.
std::string lease_holder();

}  // namespace drawlab::runner
