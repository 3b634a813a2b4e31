#pragma once

#include "drawlab/dataset.hpp"

#include "results/status.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace drawlab::results {

class Connection;

/// Only plain bounds may be compared with published plain bounds.
enum class BoundKind { plain, importance };
const char* bound_name(BoundKind kind);

/// A bound measured after training.
struct EvaluationRow {
  Split split = Split::test;
  std::int64_t samples = 0;
  BoundKind kind = BoundKind::plain;
  std::int64_t passes = 1;              // nll is their mean
  std::int64_t importance_samples = 1;  // K; 1 for a plain bound
  double nll = 0;                       // nats per image
  std::optional<double> standard_error, reconstruction, kl, error, effective_samples;
  std::string checkpoint_sha256;  // of the weights
  std::string version;            // drawlab's
  std::string evaluated;          // UTC, ISO 8601; set by the store
};

/// The bounds measured after training. Throws DatabaseError.
class Evaluations {
 public:
  explicit Evaluations(Connection& connection) : connection_(connection) {}

  /// Replaces an earlier one of the same kind, split, numbers and checkpoint.
  void put_evaluation(RunId id, const EvaluationRow& evaluation);
  std::vector<EvaluationRow> evaluations(RunId id) const;
  /// The importance-weighted bounds of the test split for every run that has any, ordered by images, draws, passes and
  /// age.
  std::map<RunId, std::vector<EvaluationRow>> importance_evaluations() const;

 private:
  Connection& connection_;
};

}  // namespace drawlab::results
