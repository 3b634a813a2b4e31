#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace drawlab::results {

/// A run's number in its database.
using RunId = std::int64_t;

/// How a run stands, as the database stores it. `pending`: never started. The database's views show a `stopped` run,
/// and a `running` one without a live lease, as `interrupted`.
enum class Status { pending, running, stopped, done, diverged, failed };

const char* status_name(Status status);
/// Inverse of status_name; nothing for an unknown word.
std::optional<Status> parse_status(std::string_view name);

}  // namespace drawlab::results
