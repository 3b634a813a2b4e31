#pragma once

#include <cstdint>
#include <string>

namespace drawlab {

/// Identifies a process, so that no later process with its number is taken for it.
struct ProcessName {
  std::string machine;  // the boot of the machine and the space of process numbers; empty: unknown
  std::int64_t number = 0;
  std::int64_t start = 0;  // clock ticks since the boot; 0: unknown
};

/// The name of the process with this number on this machine.
ProcessName process_name(std::int64_t number);

enum class Liveness { alive, gone, unknown };
/// `unknown` for a process of another machine, an earlier boot, or another container.
Liveness liveness(const ProcessName& process);

}  // namespace drawlab
