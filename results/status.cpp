#include "results/status.hpp"

#include <array>
#include <cstddef>

namespace drawlab::results {

namespace {

constexpr std::array<const char*, 6> kNames = {"pending", "running", "stopped", "done", "diverged", "failed"};

}  // namespace

const char* status_name(Status status) { return kNames.at(static_cast<std::size_t>(status)); }

std::optional<Status> parse_status(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<Status>(i);
  }
  return std::nullopt;
}

}  // namespace drawlab::results
