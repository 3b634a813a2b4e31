#include "runner/exit_code.hpp"

#include "drawlab/error.hpp"

#include "results/database_error.hpp"
#include "runner/experiment/plan.hpp"

#include <csignal>

namespace drawlab::runner {

int exit_code_of(const std::exception& error) {
  if (dynamic_cast<const ConfigError*>(&error) != nullptr) return kUsage;
  if (dynamic_cast<const NothingMatched*>(&error) != nullptr) return kNothingMatched;
  if (dynamic_cast<const results::DatabaseError*>(&error) != nullptr) return kDatabase;
  if (dynamic_cast<const DataError*>(&error) != nullptr) return kDataset;
  if (dynamic_cast<const PluginError*>(&error) != nullptr) return kPlugin;
  return kSomeFailed;
}

int exit_code_of(int signal) { return 128 + (signal == SIGINT ? SIGINT : SIGTERM); }

}  // namespace drawlab::runner
