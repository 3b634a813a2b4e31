#pragma once

#include <cstdint>
#include <string>

namespace drawlab {

/// A process, named so that no later process can be taken for it.
struct ProcessName {
  std::string machine;  // this boot of this machine and its space of process numbers; empty: unknown
  std::int64_t number = 0;
  std::int64_t start = 0;  // clock ticks since the boot; 0: unknown
};

/// A process of this machine by its number.
ProcessName process_name(std::int64_t number);

enum class Liveness { alive, gone, unknown };
/// `unknown` for a process of another machine, an earlier boot, or another container.
Liveness liveness(const ProcessName& process);

}  // namespace drawlab
