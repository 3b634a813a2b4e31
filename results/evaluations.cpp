#include "results/evaluations.hpp"

#include "results/connection.hpp"
#include "training/metric.hpp"

#include <cmath>

namespace drawlab::results {

namespace {

EvaluationRow read_evaluation(const Rows& row) {
  const auto split = parse_split(row.text("split"));
  if (!split) throw DatabaseError("the database holds a bound of the split '" + row.text("split") + "'");
  EvaluationRow found;
  found.split = *split;
  found.samples = row.integer("samples");
  found.kind = row.text("kind") == bound_name(BoundKind::plain) ? BoundKind::plain : BoundKind::importance;
  found.passes = row.integer("passes");
  found.importance_samples = row.integer("importance_samples");
  found.nll = row.real("nll");
  found.standard_error = row.optional_real("standard_error");
  found.reconstruction = row.optional_real("reconstruction");
  found.kl = row.optional_real("kl");
  found.error = row.optional_real("error");
  found.effective_samples = row.optional_real("effective_samples");
  found.checkpoint_sha256 = row.text("checkpoint_sha256");
  found.version = row.text("version");
  found.evaluated = row.text("evaluated");
  return found;
}

/// Calls `take(run, evaluation)` for each row. A database that an older drawlab wrote has no such table until it is
/// opened for writing.
template <class Take, class... Values>
void for_each_evaluation(Connection& connection, const Take& take, const std::string& condition,
                         const Values&... values) {
  connection.read([&](SQLite::Database& database) {
    if (!database.tableExists("evaluation")) return;
    for (Rows row(database, "SELECT * FROM evaluation WHERE " + condition, values...); row.next();) {
      take(row.integer("run"), read_evaluation(row));
    }
  });
}

}  // namespace

const char* bound_name(BoundKind kind) { return kind == BoundKind::plain ? "plain" : "importance"; }

void Evaluations::put_evaluation(RunId id, const EvaluationRow& evaluation) {
  if (!std::isfinite(evaluation.nll)) {
    throw DatabaseError(connection_.path().string() + ": run " + std::to_string(id) +
                        ": the bound is not finite; it is not recorded");
  }
  connection_.write_to_run(id, [&](SQLite::Database& database) {
    execute(database,
            "INSERT INTO evaluation (run, split, samples, kind, passes, importance_samples, nll, checkpoint_sha256, "
            "version, standard_error, reconstruction, kl, error, effective_samples) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (run, split, samples, kind, passes, importance_samples, checkpoint_sha256) DO UPDATE SET "
            "nll = excluded.nll, standard_error = excluded.standard_error, reconstruction = excluded.reconstruction, "
            "kl = excluded.kl, error = excluded.error, effective_samples = excluded.effective_samples, "
            "version = excluded.version, evaluated = excluded.evaluated",
            id, split_name(evaluation.split), evaluation.samples, bound_name(evaluation.kind), evaluation.passes,
            evaluation.importance_samples, evaluation.nll, evaluation.checkpoint_sha256, evaluation.version,
            finite(evaluation.standard_error), finite(evaluation.reconstruction), finite(evaluation.kl),
            finite(evaluation.error), finite(evaluation.effective_samples));
  });
}

std::vector<EvaluationRow> Evaluations::evaluations(RunId id) const {
  std::vector<EvaluationRow> rows;
  for_each_evaluation(
      connection_, [&](RunId, EvaluationRow row) { rows.push_back(std::move(row)); },
      "run = ? ORDER BY split, kind DESC, importance_samples, id", id);
  return rows;
}

std::map<RunId, std::vector<EvaluationRow>> Evaluations::importance_evaluations() const {
  std::map<RunId, std::vector<EvaluationRow>> rows;
  for_each_evaluation(
      connection_, [&](RunId id, EvaluationRow row) { rows[id].push_back(std::move(row)); },
      "kind = 'importance' AND split = 'test' ORDER BY samples, importance_samples, passes, id");
  return rows;
}

}  // namespace drawlab::results
