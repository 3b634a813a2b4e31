#include "results/store_impl.hpp"

#include <cmath>

namespace drawlab::results {

namespace {

void bind_optional(SQLite::Statement& statement, int index, const std::optional<double>& value) {
  if (value && std::isfinite(*value)) {
    statement.bind(index, *value);
  } else {
    statement.bind(index);
  }
}

std::optional<double> optional_of(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getDouble();
}

constexpr const char* kColumns =
    "SELECT split, samples, kind, passes, importance_samples, nll, standard_error, reconstruction, kl, error, "
    "effective_samples, checkpoint_sha256, version, evaluated, run FROM evaluation ";

EvaluationRow read_evaluation(SQLite::Statement& statement) {
  EvaluationRow row;
  row.split = statement.getColumn(0).getString();
  row.samples = statement.getColumn(1).getInt64();
  row.kind = statement.getColumn(2).getString();
  row.passes = statement.getColumn(3).getInt64();
  row.importance_samples = statement.getColumn(4).getInt64();
  row.nll = statement.getColumn(5).getDouble();
  row.standard_error = optional_of(statement.getColumn(6));
  row.reconstruction = optional_of(statement.getColumn(7));
  row.kl = optional_of(statement.getColumn(8));
  row.error = optional_of(statement.getColumn(9));
  row.effective_samples = optional_of(statement.getColumn(10));
  row.checkpoint_sha256 = statement.getColumn(11).getString();
  row.version = statement.getColumn(12).getString();
  row.evaluated = statement.getColumn(13).getString();
  return row;
}

}  // namespace

void Store::put_evaluation(RunId id, const EvaluationRow& evaluation) {
  if (!std::isfinite(evaluation.nll)) {
    throw DatabaseError(impl_->path.string() + ": run " + std::to_string(id) +
                        ": the bound is not finite; it is not recorded");
  }
  impl_->write([&](SQLite::Database& database) {
    impl_->require_run(database, id);
    SQLite::Statement statement(
        database,
        "INSERT INTO evaluation (run, split, samples, kind, passes, importance_samples, nll, checkpoint_sha256, "
        "version, standard_error, reconstruction, kl, error, effective_samples) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (run, split, samples, kind, passes, importance_samples, checkpoint_sha256) DO UPDATE SET "
        "nll = excluded.nll, standard_error = excluded.standard_error, reconstruction = excluded.reconstruction, "
        "kl = excluded.kl, error = excluded.error, effective_samples = excluded.effective_samples, "
        "version = excluded.version, evaluated = excluded.evaluated");
    bind_all(statement, id, evaluation.split, evaluation.samples, evaluation.kind, evaluation.passes,
             evaluation.importance_samples, evaluation.nll, evaluation.checkpoint_sha256, evaluation.version);
    bind_optional(statement, 10, evaluation.standard_error);
    bind_optional(statement, 11, evaluation.reconstruction);
    bind_optional(statement, 12, evaluation.kl);
    bind_optional(statement, 13, evaluation.error);
    bind_optional(statement, 14, evaluation.effective_samples);
    statement.exec();
  });
}

std::vector<EvaluationRow> Store::evaluations(RunId id) const {
  return impl_->read([&](SQLite::Database& database) {
    std::vector<EvaluationRow> rows;
    // A database that an older drawlab wrote has no such table until it is opened to be written.
    if (!database.tableExists("evaluation")) return rows;
    SQLite::Statement statement(
        database, std::string(kColumns) + "WHERE run = ? ORDER BY split, kind DESC, importance_samples, id");
    statement.bind(1, id);
    while (statement.executeStep()) rows.push_back(read_evaluation(statement));
    return rows;
  });
}

std::map<RunId, std::vector<EvaluationRow>> Store::importance_evaluations() const {
  return impl_->read([&](SQLite::Database& database) {
    std::map<RunId, std::vector<EvaluationRow>> rows;
    if (!database.tableExists("evaluation")) return rows;
    SQLite::Statement statement(database, std::string(kColumns) +
                                              "WHERE kind = 'importance' AND split = 'test' "
                                              "ORDER BY samples, importance_samples, passes, id");
    while (statement.executeStep()) rows[statement.getColumn(14).getInt64()].push_back(read_evaluation(statement));
    return rows;
  });
}

}  // namespace drawlab::results
