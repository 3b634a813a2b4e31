#include "preparation.hpp"

#include "drawlab/error.hpp"

#include "prepared.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>
#include <system_error>

extern char** environ;

namespace drawlab::svhn {

namespace {

std::filesystem::path own_folder() {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(&own_folder), &info) == 0 || info.dli_fname == nullptr) {
    throw SystemError("svhn: cannot tell where its library lies");
  }
  return std::filesystem::absolute(info.dli_fname).parent_path();
}

/// A pipe's two ends, closed with it.
struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw SystemError(std::string("svhn: no pipe: ") + std::strerror(errno));
  }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_writing() {
    ::close(ends[1]);
    ends[1] = -1;
  }
};

/// The program as a child process; ended with this.
class Child {
 public:
  Child(const std::filesystem::path& program, const char* format, const std::filesystem::path& input,
        const std::filesystem::path& output)
      : output_(output) {
    std::array<std::string, 4> words = {program.string(), format, input.string(), output.string()};
    std::array<char*, 5> arguments{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, progress_.ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors_.ends[1], STDERR_FILENO);
    // Ctrl-C reaches it although threads of this process may block or ignore it.
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t standard;
    sigemptyset(&none);
    sigemptyset(&standard);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&standard, number);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &standard);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int error = ::posix_spawn(&process_, program.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
      process_ = -1;
      throw SystemError(program.string() + ": cannot be started: " + std::strerror(error));
    }
    progress_.close_writing();
    errors_.close_writing();
  }
  ~Child() {
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Reads what it says until it ends; false after too long a silence.
  bool listen(std::chrono::seconds silence, const std::function<void(double)>& progress) {
    std::array<pollfd, 2> ends{pollfd{progress_.ends[0], POLLIN, 0}, pollfd{errors_.ends[0], POLLIN, 0}};
    const std::array<std::string*, 2> texts{&counts_, &said_};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
      const int ready = ::poll(ends.data(), ends.size(), static_cast<int>(silence.count() * 1000));
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) return false;
      for (std::size_t i = 0; i < ends.size(); ++i) {
        if (ends[i].fd >= 0 && ends[i].revents != 0 && !take(ends[i].fd, *texts[i])) ends[i].fd = -1;
      }
      report(progress);
    }
    return true;
  }
  int wait() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    // What it was writing when it died.
    std::error_code ignored;
    std::filesystem::remove(part_of(output_, process_), ignored);
    process_ = -1;
    return status;
  }
  const std::string& said() const { return said_; }

 private:
  /// False at the end.
  static bool take(int from, std::string& text) {
    constexpr std::size_t kMostText = 4096;
    std::array<char, 1024> bytes{};
    const ssize_t got = ::read(from, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) return false;
    if (text.size() < kMostText) text.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
  }
  /// Passes the last whole line `DONE ALL` on.
  void report(const std::function<void(double)>& progress) {
    const std::size_t end = counts_.rfind('\n');
    if (end == std::string::npos) return;
    const std::size_t before = end == 0 ? std::string::npos : counts_.rfind('\n', end - 1);
    std::istringstream line(counts_.substr(before == std::string::npos ? 0 : before + 1, end));
    counts_.erase(0, end + 1);
    double done = 0;
    double all = 0;
    if (progress && line >> done >> all && all > 0) progress(std::min(done / all, 1.0));
  }

  Pipe progress_;
  Pipe errors_;
  std::filesystem::path output_;
  pid_t process_ = -1;
  std::string counts_;
  std::string said_;
};

/// Signals by which a program falls over its input.
bool is_crash(int signal) {
  constexpr std::array<int, 6> kCrashes = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGXCPU};
  return std::ranges::find(kCrashes, signal) != kCrashes.end();
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

void prepare(Format format, const std::filesystem::path& input, const std::filesystem::path& output,
             const PreparationLimits& limits, const std::function<void(double)>& progress) {
  const std::filesystem::path program = limits.program.empty() ? own_folder() / "svhn_prepare" : limits.program;
  Child child(program, format == Format::numbers ? "numbers" : "digits", input, output);
  if (!child.listen(limits.silence, progress)) {
    throw DataError(input.string() + ": reading it made no progress for " + std::to_string(limits.silence.count()) +
                    " s and was ended; the file is probably damaged");
  }
  const int status = child.wait();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  const std::string said = trimmed(child.said());
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    const std::string which = "(signal " + std::to_string(signal) + ", " + ::strsignal(signal) + ")";
    if (signal == SIGKILL) {
      // The system's answer where memory runs out.
      throw DataError(
          input.string() + ": the program that reads it was killed " + which +
          ", as happens where memory runs out; the file is probably damaged, or too large for this machine");
    }
    if (!is_crash(signal)) throw SystemError(input.string() + ": the program that reads it was ended " + which);
    throw DataError(input.string() + ": brought down the program that reads it " + which + "; the file" +
                    (format == Format::numbers ? ", or an image beside it," : "") + " is damaged or not what it seems");
  }
  if (WEXITSTATUS(status) == kDataExit && !said.empty()) throw DataError(said);
  if (said.empty()) {
    throw DataError(input.string() + ": the program that reads it ended with status " +
                    std::to_string(WEXITSTATUS(status)));
  }
  throw SystemError(said);
}

}  // namespace drawlab::svhn
