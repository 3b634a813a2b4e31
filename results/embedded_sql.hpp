#pragma once

#include <span>
#include <string_view>

namespace drawlab::results {

/// An SQL file of this folder, built into the program.
struct EmbeddedSql {
  std::string_view name;  // of the file, without folder and extension
  std::string_view text;
};

/// results/migrations/NNN_*.sql in the order of their numbers.
std::span<const EmbeddedSql> embedded_migrations();
/// results/queries/*.sql by name.
std::span<const EmbeddedSql> embedded_queries();

}  // namespace drawlab::results
