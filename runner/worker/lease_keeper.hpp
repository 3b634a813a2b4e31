#pragma once

#include "results/store.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

namespace drawlab::runner {

/// Keeps a run's lease alive from a thread of its own while the cell trains.
class LeaseKeeper {
 public:
  LeaseKeeper(const std::filesystem::path& database, results::RunId run, std::string holder);
  /// Stops the thread; the lease itself stays until it is released.
  ~LeaseKeeper();

  /// Another process holds the lease now: stop, and record nothing more.
  bool lost() const { return lost_; }
  /// Stops the thread and records the seconds since the last heartbeat.
  void finish();

 private:
  void keep();
  double seconds_since_last();

  results::Store store_;  // a connection of its own: the thread shares nothing
  results::RunId run_;
  std::string holder_;
  std::atomic<bool> lost_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

/// A name for a lease's holder that no other process uses.
std::string lease_holder();

}  // namespace drawlab::runner
