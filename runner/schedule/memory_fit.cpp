#include "runner/schedule/memory_fit.hpp"

#include "system/isolated.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <string>

namespace drawlab::runner {

std::optional<MemoryNeed> memory_need(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins) {
  const SharedMemory<MemoryNeed> need;
  const ProcessEnd end = run_isolated([&] {
    ::close(STDERR_FILENO);  // errors are reported when the cell trains
    *need = training_memory(cell, data, plugins);
    return 0;
  });
  if (!end.succeeded()) return std::nullopt;
  return *need;
}

int jobs_that_fit(std::vector<std::size_t> needs, std::size_t available, int jobs) {
  std::ranges::sort(needs, std::greater());
  std::size_t sum = 0;
  int fit = 0;
  for (const std::size_t need : needs) {
    sum += need;
    if (fit == jobs || sum > available) break;
    ++fit;
  }
  return std::max(1, fit);
}

MemoryFit fit_into_memory(std::span<const MemoryNeed> needs, std::size_t available, MemoryFit wanted, int cores) {
  const auto with = [&](int threads) {
    std::vector<std::size_t> bytes;
    for (const MemoryNeed& need : needs) bytes.push_back(need.with(threads));
    return bytes;
  };
  const auto is_room_for_largest = [&](int threads) { return std::ranges::max(with(threads)) <= available; };
  MemoryFit fit = wanted;
  fit.jobs = jobs_that_fit(with(wanted.threads), available, wanted.jobs);
  while (fit.threads > 1 && !is_room_for_largest(fit.threads)) --fit.threads;
  fit.fits = is_room_for_largest(fit.threads);
  if (fit.jobs >= std::min(wanted.jobs, static_cast<int>(needs.size()))) return fit;
  while (fit.threads < cores / fit.jobs && jobs_that_fit(with(fit.threads + 1), available, fit.jobs) >= fit.jobs &&
         is_room_for_largest(fit.threads + 1)) {
    ++fit.threads;
  }
  return fit;
}

std::size_t available_memory() {
  std::size_t available = 0;
  std::ifstream system("/proc/meminfo");
  for (std::string line; std::getline(system, line);) {
    if (line.starts_with("MemAvailable:")) available = std::stoull(line.substr(line.find(':') + 1)) * 1024;
  }
  std::size_t limit = 0;
  std::size_t used = 0;
  std::ifstream most("/sys/fs/cgroup/memory.max");
  std::ifstream now("/sys/fs/cgroup/memory.current");
  if (most >> limit && now >> used) {
    // File pages that were not read lately count as used, but the kernel frees them on demand.
    std::ifstream statistics("/sys/fs/cgroup/memory.stat");
    std::string name;
    for (std::size_t bytes = 0; statistics >> name >> bytes;) {
      if (name == "inactive_file") used -= std::min(bytes, used);
    }
    available = std::min(available, limit - std::min(used, limit));
  }
  return available;
}

}  // namespace drawlab::runner
