#include "system/stop_signals.hpp"

#include "drawlab/error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

namespace drawlab {
namespace {

std::atomic<int> stop_first = 0;
std::atomic<int> stop_count = 0;
int stop_pipe[2] = {-1, -1};

void note(int number) {
  int none = 0;
  stop_first.compare_exchange_strong(none, number);
  ++stop_count;
  const char byte = 0;
  // A full pipe is readable already.
  [[maybe_unused]] const ssize_t written = write(stop_pipe[1], &byte, 1);
}

bool is_ignored(int number) {
  struct sigaction action = {};
  sigaction(number, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

void close_and_forget(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

}  // namespace

StopSignals::StopSignals() {
  stop_first = 0;
  stop_count = 0;
  if (pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) != 0) stop_pipe[0] = stop_pipe[1] = -1;
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t taken;
  sigemptyset(&taken);
  for (const int number : {SIGINT, SIGTERM}) {
    std::signal(number, SIG_DFL);  // a signal that is ignored, as in a shell's background, never arrives
    sigaddset(&taken, number);
  }
  // Under nohup it stays ignored.
  if (!is_ignored(SIGHUP)) sigaddset(&taken, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &taken, &blocked_before_);
  signals_ = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
  ending_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (signals_ < 0 || ending_ < 0) {
    const std::string reason = std::strerror(errno);
    close_and_forget(signals_);
    close_and_forget(ending_);
    pthread_sigmask(SIG_SETMASK, &blocked_before_, nullptr);
    throw SystemError("signals cannot be listened for: " + reason);
  }
  listener_ = std::thread([this] { listen(); });
}

StopSignals::~StopSignals() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(ending_, &one, sizeof(one));
  listener_.join();
  pthread_sigmask(SIG_SETMASK, &blocked_before_, nullptr);
  for (int* const descriptor : {&signals_, &ending_, &stop_pipe[0], &stop_pipe[1]}) close_and_forget(*descriptor);
}

void StopSignals::listen() const {
  std::array<pollfd, 2> waiting = {pollfd{signals_, POLLIN, 0}, pollfd{ending_, POLLIN, 0}};
  while (true) {
    if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
    signalfd_siginfo signal{};
    while (read(signals_, &signal, sizeof(signal)) == sizeof(signal)) note(static_cast<int>(signal.ssi_signo));
    if (waiting[1].revents != 0) return;
  }
}

int StopSignals::first() { return stop_first; }
int StopSignals::count() { return stop_count; }
int StopSignals::descriptor() { return stop_pipe[0]; }
void StopSignals::request(int number) { note(number); }

}  // namespace drawlab
