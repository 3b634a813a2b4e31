#include "runner/worker/lease_keeper.hpp"

#include "results/database_error.hpp"
#include "system/machine.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <random>
#include <utility>

namespace drawlab::runner {
namespace {

constexpr std::chrono::seconds kHeartbeat{results::kHeartbeatSeconds};

}  // namespace

LeaseKeeper::LeaseKeeper(const std::filesystem::path& database, results::RunId run, std::string holder)
    : store_(database), run_(run), holder_(std::move(holder)), thread_([this] { keep(); }) {}

LeaseKeeper::~LeaseKeeper() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LeaseKeeper::keep() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kHeartbeat, [this] { return ending_; })) {
    const Stopwatch before = since_last_;
    try {
      if (!store_.heartbeat(run_, holder_, since_last_.restart())) {
        lost_ = true;
        return;
      }
    } catch (const results::DatabaseError&) {
      // A database that is busy or full now may accept the next one; the training thread gets the same error itself.
      since_last_ = before;
    }
  }
}

void LeaseKeeper::finish() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (!lost_ && !store_.heartbeat(run_, holder_, since_last_.restart())) lost_ = true;
}

std::string lease_holder() {
  std::random_device random;
  return fmt::format("{}:{}:{:08x}", host_name(), getpid(), random());
}

}  // namespace drawlab::runner
