#include "system/process_name.hpp"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace drawlab {

namespace {

struct ProcessStatus {
  bool known = false;
  char state = '?';
  std::int64_t start = 0;
};

ProcessStatus read_status(std::int64_t number) {
  std::ifstream file("/proc/" + std::to_string(number) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return {};
  // The second field is the program's name in parentheses, which may hold anything.
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(line.substr(name_end + 1));
  ProcessStatus status;
  fields >> status.state;
  std::string skipped;
  constexpr int kFieldsBetweenStateAndStart = 18;
  for (int i = 0; i < kFieldsBetweenStateAndStart; ++i) fields >> skipped;
  fields >> status.start;
  status.known = static_cast<bool>(fields);
  return status;
}

// Containers share a boot's number but not their processes' numbers.
std::string this_machine() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string boot;
  std::error_code failure;
  const auto space = std::filesystem::read_symlink("/proc/self/ns/pid", failure);
  if (!std::getline(file, boot) || failure) return {};
  return boot + " " + space.string();
}

}  // namespace

ProcessName process_name(std::int64_t number) { return {this_machine(), number, read_status(number).start}; }

Liveness liveness(const ProcessName& process) {
  if (process.machine.empty() || process.machine != this_machine() || process.number <= 0) return Liveness::unknown;
  if (kill(static_cast<pid_t>(process.number), 0) != 0 && errno == ESRCH) return Liveness::gone;
  const ProcessStatus status = read_status(process.number);
  if (!status.known || process.start == 0) return Liveness::unknown;
  // A zombie has ended; only its parent has not noticed.
  if (status.start != process.start || status.state == 'Z' || status.state == 'X') return Liveness::gone;
  return Liveness::alive;
}

}  // namespace drawlab
