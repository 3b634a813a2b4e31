#include "system/child_process.hpp"

#include "drawlab/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace drawlab {
namespace {

ProcessEnd end_of(int status) {
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

/// Both ends of a pipe, closed when forgotten.
struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw SystemError(fmt::format("no pipe for another process: {}", std::strerror(errno)));
    }
  }
  ~Pipe() {
    for (int end : ends) {
      if (end >= 0) close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int take_reader() {
    const int reader = ends[0];
    ends[0] = -1;
    fcntl(reader, F_SETFL, O_NONBLOCK);
    return reader;
  }
};

/// Between fork and exec only calls that are safe there.
[[noreturn]] void become(char* const* arguments, pid_t parent, int output, int errors) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // The parent may have gone before the line above.
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

Process::Process(const std::vector<std::string>& arguments) {
  Pipe output;
  Pipe errors;
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t parent = getpid();
  id_ = fork();
  if (id_ < 0) throw SystemError(fmt::format("no process for {}: {}", arguments.front(), std::strerror(errno)));
  if (id_ == 0) become(words.data(), parent, output.ends[1], errors.ends[1]);
  output_ = output.take_reader();
  errors_ = errors.take_reader();
}

Process::~Process() {
  // A cell may still write its checkpoint.
  constexpr int kPatienceMilliseconds = 10000;
  signal(SIGTERM);
  for (int waited = 0; !poll() && waited < kPatienceMilliseconds; waited += 10) usleep(10000);
  signal(SIGKILL);
  wait();
  close(output_);
  close(errors_);
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
  while (!end_) {
    int status = 0;
    const pid_t ended = waitpid(id_, &status, 0);
    if (ended == id_) end_ = end_of(status);
    if (ended < 0 && errno != EINTR) end_ = ProcessEnd{127, 0};
  }
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

std::optional<std::string> output_of(const std::vector<std::string>& arguments) {
  Process process(arguments);
  std::string output;
  std::string dropped;
  bool open = true;
  while (open) {
    std::array<pollfd, 2> waiting{{{process.output(), POLLIN, 0}, {process.errors(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), 100);
    open = read_available(process.output(), output);
    read_available(process.errors(), dropped);
  }
  const ProcessEnd end = process.wait();
  if (end.signal != 0 || end.exit_code != 0) return std::nullopt;
  return output;
}

}  // namespace drawlab
