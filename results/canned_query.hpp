#pragma once

#include <optional>
#include <string>
#include <vector>

namespace drawlab::results {

/// A query from results/queries/, built into the program.
struct CannedQuery {
  struct Parameter {
    std::string name;                     // without the colon
    std::optional<std::string> standard;  // nothing: it must be given
    std::string text;
  };
  std::string name;
  std::string summary;
  std::vector<Parameter> parameters;
  std::string sql;
};

/// All canned queries by name.
std::vector<CannedQuery> canned_queries();

}  // namespace drawlab::results
