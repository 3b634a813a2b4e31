#pragma once

#include "results/database_file.hpp"
#include "results/evaluations.hpp"
#include "results/leases.hpp"
#include "results/record.hpp"
#include "results/runs.hpp"

#include <filesystem>

namespace drawlab::results {

/// The results database, all of it: its runs, who trains them, what they recorded, and bounds measured afterwards.
/// Every write is a transaction of its own. Throws DatabaseError.
class Store : public DatabaseFile, public Runs, public Leases, public Record, public Evaluations {
 public:
  explicit Store(const std::filesystem::path& path, Mode mode = Mode::read_write)
      : DatabaseFile(path, mode),
        Runs(connection()),
        Leases(connection()),
        Record(connection()),
        Evaluations(connection()) {}
};

}  // namespace drawlab::results
