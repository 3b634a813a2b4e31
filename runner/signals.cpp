#include "runner/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <initializer_list>

namespace drawlab::runner {
namespace {

// A signal handler can reach nothing but these.
volatile std::sig_atomic_t stop_first = 0;
volatile std::sig_atomic_t stop_count = 0;
int stop_pipe[2] = {-1, -1};

void on_signal(int number) {
  const int saved = errno;
  if (stop_first == 0) stop_first = number;
  stop_count = stop_count + 1;
  const char byte = 0;
  if (write(stop_pipe[1], &byte, 1) < 0) errno = 0;
  errno = saved;
}

}  // namespace

StopSignals::StopSignals() {
  stop_first = 0;
  stop_count = 0;
  if (pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) != 0) stop_pipe[0] = stop_pipe[1] = -1;
  struct sigaction action = {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
  // Under nohup it is ignored already, and stays so.
  struct sigaction hangup = {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

StopSignals::~StopSignals() {
  for (int number : {SIGINT, SIGTERM}) signal(number, SIG_DFL);
  for (int& end : stop_pipe) {
    if (end >= 0) close(end);
    end = -1;
  }
}

int StopSignals::first() { return stop_first; }
int StopSignals::count() { return stop_count; }
int StopSignals::descriptor() { return stop_pipe[0]; }
void StopSignals::request(int number) { on_signal(number); }

int exit_code_of(int signal) { return 128 + (signal == SIGINT ? SIGINT : SIGTERM); }

}  // namespace drawlab::runner
