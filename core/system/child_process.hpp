#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace drawlab {

/// How a process ended.
struct ProcessEnd {
  int exit_code = 0;  // where it ended by itself
  int signal = 0;     // else the signal that ended it
  /// `was killed by signal 9 (SIGKILL); …` or `ended with exit code 3`.
  std::string sentence() const;
};

/// A child process in a group of its own, with pipes from its standard output and error. It is told to stop (SIGTERM)
/// when the thread that started it ends, in whatever way.
class Process {
 public:
  /// Throws SystemError where it cannot be started.
  explicit Process(const std::vector<std::string>& arguments);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t id() const { return id_; }
  /// Readable ends, non-blocking.
  int output() const { return output_; }
  int errors() const { return errors_; }
  void signal(int number) const;
  /// Nothing while it runs.
  std::optional<ProcessEnd> poll();
  ProcessEnd wait();

 private:
  pid_t id_ = -1;
  int output_ = -1;
  int errors_ = -1;
  std::optional<ProcessEnd> end_;
};

/// Reads what is there without waiting and appends it; false once the other end is closed.
bool read_available(int descriptor, std::string& text);

/// What a short command prints, or nothing where it fails; its errors are dropped.
std::optional<std::string> output_of(const std::vector<std::string>& arguments);

}  // namespace drawlab
