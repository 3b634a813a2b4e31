#pragma once

#include "system/descriptor.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drawlab {

/// How a process ended.
struct ProcessEnd {
  int exit_code = 0;  // if it ended by itself
  int signal = 0;     // the signal that ended it; 0: none
  bool succeeded() const { return exit_code == 0 && signal == 0; }
  /// `was killed by signal 9 (SIGKILL); …` or `ended with exit code 3`.
  std::string sentence() const;
};

/// What a program may use; 0: no limit.
struct ProcessLimits {
  std::chrono::seconds processor_time{0};
  std::uint64_t memory = 0;  // bytes of address space
};

/// A child process in its own process group, with pipes from its standard output and error. It gets SIGTERM when the
/// thread that started it ends.
class Process {
 public:
  /// Throws SystemError if no process can be started. A program that cannot be executed ends with exit code 127.
  explicit Process(const std::vector<std::string>& arguments, const ProcessLimits& limits = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t id() const { return id_; }
  /// Readable ends, non-blocking.
  int output() const { return output_.get(); }
  int errors() const { return errors_.get(); }
  void signal(int number) const;
  /// How it ended; nothing while it runs.
  std::optional<ProcessEnd> poll();
  ProcessEnd wait();

 private:
  pid_t id_ = -1;
  Descriptor output_;
  Descriptor errors_;
  std::optional<ProcessEnd> end_;
};

/// Appends what can be read without waiting; false once the other end is closed.
bool read_available(int descriptor, std::string& text);

/// How a program ended that run_program started.
struct ProgramResult {
  ProcessEnd end;
  bool was_silent = false;  // it was killed because it printed nothing for too long
  std::string errors;       // what it wrote to standard error
  pid_t process = 0;
};

/// Runs a program to its end and passes its output on as it comes. Kills it after `silence` without output (0: never);
/// passes the user's request to stop on to it. Throws SystemError if it cannot be executed.
ProgramResult run_program(const std::vector<std::string>& arguments, const ProcessLimits& limits,
                          std::chrono::seconds silence, const std::function<void(std::string_view)>& take_output);

/// The output of a short command, or nothing if it fails; its errors are dropped.
std::optional<std::string> output_of(const std::vector<std::string>& arguments);

}  // namespace drawlab
