#include "system/machine.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string_view>

namespace drawlab {
namespace {

/// The value of the first line of /proc/cpuinfo that begins with `key`.
std::string cpuinfo(std::string_view key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return {};
}

bool has_flag(const std::string& flags, const std::string& flag) {
  return (' ' + flags + ' ').find(' ' + flag + ' ') != std::string::npos;
}

}  // namespace

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

std::string processor_name() {
  const std::string name = cpuinfo("model name");
  return name.empty() ? "unknown" : name;
}

std::string instruction_set() {
  utsname system{};
  uname(&system);
  if (std::string_view(system.machine) != "x86_64") return system.machine;
  const std::string flags = cpuinfo("flags");
  // oneDNN reads the first one that is set.
  const char* limit_text = std::getenv("ONEDNN_MAX_CPU_ISA");
  if (limit_text == nullptr) limit_text = std::getenv("DNNL_MAX_CPU_ISA");
  const std::string_view limit = limit_text == nullptr ? "" : limit_text;
  if (has_flag(flags, "avx512bw") && !limit.starts_with("AVX2") && limit != "AVX" && limit != "SSE41") return "AVX512";
  if (has_flag(flags, "avx2") && limit != "AVX" && limit != "SSE41") return "AVX2";
  return "SSE4.1";
}

int usable_cores() {
  cpu_set_t set;
  int cores = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  std::ifstream quota("/sys/fs/cgroup/cpu.max");
  double limit = 0;
  double period = 0;
  if (quota >> limit >> period && period > 0) cores = std::min(cores, static_cast<int>(std::ceil(limit / period)));
  return std::max(cores, 1);
}

std::size_t peak_memory() {
  rusage usage{};
  return getrusage(RUSAGE_SELF, &usage) == 0 ? static_cast<std::size_t>(usage.ru_maxrss) * 1024 : 0;
}

}  // namespace drawlab
