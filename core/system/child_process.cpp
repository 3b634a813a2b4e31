#include "system/child_process.hpp"

#include "drawlab/error.hpp"

#include "system/isolated.hpp"
#include "system/stop_signals.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <utility>

namespace drawlab {
namespace {

ProcessEnd end_of(int status) {
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

/// Waits for a child that has not been waited for.
ProcessEnd wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return {127, 0};
  }
  return end_of(status);
}

/// Both ends of a pipe.
struct Pipe {
  Descriptor reader;
  Descriptor writer;
  Pipe() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw SystemError(fmt::format("no pipe for another process: {}", std::strerror(errno)));
    }
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
    fcntl(reader.get(), F_SETFL, O_NONBLOCK);
  }
};

void set_limit(int resource, rlim_t most) {
  rlimit limit{};
  if (most == 0 || getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return;
  limit.rlim_cur = std::min(most, limit.rlim_max);  // RLIM_INFINITY is the largest number
  setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

/// Between fork and exec only calls that are safe there.
[[noreturn]] void become(char* const* arguments, const ProcessLimits& limits, pid_t parent, int output, int errors) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // The parent may have ended before the line above.
  if (getppid() != parent) _exit(143);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  struct sigaction standard = {};
  standard.sa_handler = SIG_DFL;
  for (int number : {SIGINT, SIGTERM, SIGPIPE}) sigaction(number, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (limits.memory > 0) {
    const rlimit no_core{};
    setrlimit(RLIMIT_CORE, &no_core);
  }
  set_limit(RLIMIT_CPU, static_cast<rlim_t>(limits.processor_time.count()));
#ifndef __SANITIZE_ADDRESS__  // a sanitizer reserves far more address space than any limit
  set_limit(RLIMIT_AS, limits.memory);
#endif
  execvp(arguments[0], arguments);
  _exit(127);
}

}  // namespace

std::string ProcessEnd::sentence() const {
  if (signal == 0) return fmt::format("ended with exit code {}", exit_code);
  const char* abbreviation = sigabbrev_np(signal);
  const char* description = sigdescr_np(signal);
  std::string text = fmt::format("was killed by signal {} (SIG{}, {})", signal, abbreviation ? abbreviation : "?",
                                 description ? description : "unknown");
  if (signal == SIGKILL) text += "; someone did so, or the system ran out of memory";
  return text;
}

Process::Process(const std::vector<std::string>& arguments, const ProcessLimits& limits) {
  Pipe output;
  Pipe errors;
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t parent = getpid();
  id_ = fork();
  if (id_ < 0) throw SystemError(fmt::format("no process for {}: {}", arguments.front(), std::strerror(errno)));
  if (id_ == 0) become(words.data(), limits, parent, output.writer.get(), errors.writer.get());
  output_ = std::move(output.reader);
  errors_ = std::move(errors.reader);
}

Process::~Process() {
  // A cell may still be writing its checkpoint.
  constexpr int kPatienceMilliseconds = 10000;
  signal(SIGTERM);
  for (int waited = 0; !poll() && waited < kPatienceMilliseconds; waited += 10) usleep(10000);
  signal(SIGKILL);
  wait();
}

void Process::signal(int number) const {
  if (!end_) kill(id_, number);
}

std::optional<ProcessEnd> Process::poll() {
  if (end_) return end_;
  int status = 0;
  if (waitpid(id_, &status, WNOHANG) == id_) end_ = end_of(status);
  return end_;
}

ProcessEnd Process::wait() {
  if (!end_) end_ = wait_for(id_);
  return *end_;
}

bool read_available(int descriptor, std::string& text) {
  std::array<char, 16384> buffer;
  while (true) {
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0) {
      return false;
    } else if (errno != EINTR) {
      return errno == EAGAIN;
    }
  }
}

ProgramResult run_program(const std::vector<std::string>& arguments, const ProcessLimits& limits,
                          std::chrono::seconds silence, const std::function<void(std::string_view)>& take_output) {
  const std::string& program = arguments.front();
  if (program.find('/') != std::string::npos && access(program.c_str(), X_OK) != 0) {
    throw SystemError(fmt::format("{}: cannot be started: {}", program, std::strerror(errno)));
  }
  Process process(arguments, limits);
  ProgramResult result;
  result.process = process.id();
  std::array<pollfd, 3> waiting{{{process.output(), POLLIN, 0},  //
                                 {process.errors(), POLLIN, 0},
                                 {StopSignals::descriptor(), POLLIN, 0}}};
  const int patience = silence.count() > 0 ? static_cast<int>(silence.count() * 1000) : -1;
  while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
    const int ready = ::poll(waiting.data(), waiting.size(), patience);
    if (ready < 0) continue;
    if (ready == 0) {
      result.was_silent = true;
      process.signal(SIGKILL);
      break;
    }
    std::string output;
    if (waiting[0].revents != 0 && !read_available(process.output(), output)) waiting[0].fd = -1;
    if (waiting[1].revents != 0 && !read_available(process.errors(), result.errors)) waiting[1].fd = -1;
    if (waiting[2].revents != 0) {
      waiting[2].fd = -1;
      process.signal(StopSignals::first());
    }
    if (!output.empty()) take_output(output);
  }
  result.end = process.wait();
  return result;
}

std::optional<std::string> output_of(const std::vector<std::string>& arguments) {
  std::string output;
  const auto keep = [&](std::string_view piece) { output += piece; };
  if (!run_program(arguments, {}, std::chrono::seconds(0), keep).end.succeeded()) return std::nullopt;
  return output;
}

ProcessEnd run_isolated(const std::function<int()>& function) {
  const pid_t child = fork();
  if (child < 0) throw SystemError(fmt::format("this process cannot be forked: {}", std::strerror(errno)));
  if (child > 0) return wait_for(child);
  int code = 1;
  try {
    code = function();
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the exit code tells
  }
  _exit(code);
}

}  // namespace drawlab
