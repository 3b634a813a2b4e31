#include "drawlab/error.hpp"

#include "results/store_impl.hpp"

#include <cmath>
#include <limits>

namespace drawlab::results {

namespace {

const char* nonfinite_name(double value) {
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

double nonfinite_value(const std::string& name) {
  if (name == "nan") return std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  return name == "inf" ? infinity : -infinity;
}

}  // namespace

void Store::put_metrics(RunId id, std::span<const MetricRow> rows) {
  impl_->write([&](SQLite::Database& database) {
    impl_->require_run(database, id);
    SQLite::Statement statement(database,
                                "INSERT INTO metric (run, epoch, split, name, value, nonfinite) "
                                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run, split, name, epoch) DO UPDATE SET "
                                "value = excluded.value, nonfinite = excluded.nonfinite");
    for (const MetricRow& row : rows) {
      statement.reset();
      statement.clearBindings();
      bind_all(statement, id, row.epoch, row.split, row.name);
      if (std::isfinite(row.value)) {
        statement.bind(5, row.value);
      } else {
        statement.bind(6, nonfinite_name(row.value));
      }
      statement.exec();
    }
  });
}

std::vector<MetricRow> Store::metrics(RunId id) const {
  return impl_->read([&](SQLite::Database& database) {
    SQLite::Statement statement(database,
                                "SELECT epoch, split, name, value, nonfinite FROM metric WHERE run = ? "
                                "ORDER BY epoch, CASE split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END, "
                                "split, name");
    statement.bind(1, id);
    std::vector<MetricRow> rows;
    while (statement.executeStep()) {
      MetricRow row{statement.getColumn(0).getInt64(), statement.getColumn(1).getString(),
                    statement.getColumn(2).getString(), 0};
      row.value = statement.isColumnNull(4) ? statement.getColumn(3).getDouble()
                                            : nonfinite_value(statement.getColumn(4).getString());
      rows.push_back(std::move(row));
    }
    return rows;
  });
}

std::map<RunId, double> Store::last_values(const std::string& split, const std::string& name) const {
  return impl_->read([&](SQLite::Database& database) {
    SQLite::Statement statement(database,
                                "SELECT id, (SELECT value FROM metric WHERE run = run.id AND split = ?1 AND name = ?2 "
                                "ORDER BY epoch DESC LIMIT 1) AS last FROM run WHERE last IS NOT NULL");
    bind_all(statement, split, name);
    std::map<RunId, double> values;
    while (statement.executeStep()) values[statement.getColumn(0).getInt64()] = statement.getColumn(1).getDouble();
    return values;
  });
}

void Store::put_confusion(RunId id, const std::string& split, std::span<const std::int64_t> counts) {
  const auto classes = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(counts.size()))));
  DRAWLAB_ASSERT(classes * classes == counts.size());
  impl_->write([&](SQLite::Database& database) {
    impl_->require_run(database, id);
    execute(database, "DELETE FROM confusion WHERE run = ? AND split = ?", id, split);
    SQLite::Statement statement(database,
                                "INSERT INTO confusion (run, split, label, guess, count) VALUES (?, ?, ?, ?, ?)");
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      statement.reset();
      bind_all(statement, id, split, static_cast<std::int64_t>(i / classes), static_cast<std::int64_t>(i % classes),
               counts[i]);
      statement.exec();
    }
  });
}

std::vector<std::int64_t> Store::confusion(RunId id, const std::string& split) const {
  return impl_->read([&](SQLite::Database& database) {
    // A database of an older drawlab that is only read keeps its older schema.
    if (!database.tableExists("confusion")) return std::vector<std::int64_t>();
    SQLite::Statement size(database,
                           "SELECT coalesce(max(max(label, guess)) + 1, 0) FROM confusion "
                           "WHERE run = ? AND split = ?");
    bind_all(size, id, split);
    size.executeStep();
    const auto classes = static_cast<std::size_t>(size.getColumn(0).getInt64());
    std::vector<std::int64_t> counts(classes * classes);
    SQLite::Statement statement(database, "SELECT label, guess, count FROM confusion WHERE run = ? AND split = ?");
    bind_all(statement, id, split);
    while (statement.executeStep()) {
      const auto label = static_cast<std::size_t>(statement.getColumn(0).getInt64());
      counts[label * classes + static_cast<std::size_t>(statement.getColumn(1).getInt64())] =
          statement.getColumn(2).getInt64();
    }
    return counts;
  });
}

void Store::put_image(RunId id, const ImageRow& image) {
  impl_->write([&](SQLite::Database& database) {
    impl_->require_run(database, id);
    SQLite::Statement statement(database,
                                "INSERT INTO image (run, kind, name, format, caption, epoch, bytes) "
                                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, kind, name) DO UPDATE SET "
                                "format = excluded.format, caption = excluded.caption, epoch = excluded.epoch, "
                                "bytes = excluded.bytes");
    bind_all(statement, id, image.kind, image.name, image.format, image.caption, image.epoch);
    // A null pointer would be NULL, not an empty value.
    const void* bytes = image.bytes.empty() ? static_cast<const void*>("") : image.bytes.data();
    statement.bind(7, bytes, static_cast<int>(image.bytes.size()));
    statement.exec();
  });
}

std::vector<ImageRow> Store::images(RunId id) const {
  return impl_->read([&](SQLite::Database& database) {
    SQLite::Statement statement(database,
                                "SELECT kind, name, format, caption, epoch, bytes FROM image WHERE run = ? "
                                "ORDER BY kind, name");
    statement.bind(1, id);
    std::vector<ImageRow> rows;
    while (statement.executeStep()) {
      const SQLite::Column blob = statement.getColumn(5);
      const auto* bytes = static_cast<const std::uint8_t*>(blob.getBlob());
      rows.push_back({statement.getColumn(0).getString(),
                      statement.getColumn(1).getString(),
                      statement.getColumn(2).getString(),
                      statement.getColumn(3).getString(),
                      statement.getColumn(4).getInt64(),
                      {bytes, bytes + blob.getBytes()}});
    }
    return rows;
  });
}

void Store::put_checkpoint(RunId id, const std::filesystem::path& file, const std::string& sha256, std::int64_t epoch,
                           std::int64_t step) {
  const std::string stored = relative(file);
  impl_->write([&](SQLite::Database& database) {
    impl_->require_run(database, id);
    execute(database,
            "INSERT INTO artifact (run, kind, path, sha256, epoch, step) VALUES (?, 'checkpoint', ?, ?, ?, ?) "
            "ON CONFLICT (run, kind) DO UPDATE SET path = excluded.path, sha256 = excluded.sha256, "
            "epoch = excluded.epoch, step = excluded.step, written = excluded.written",
            id, stored, sha256, epoch, step);
  });
}

void Store::put_event(RunId id, const std::string& name, const std::string& text) {
  impl_->write([&](SQLite::Database& database) {
    if (id != 0) impl_->require_run(database, id);
    execute(database, "INSERT INTO event (run, name, text) VALUES (nullif(?, 0), ?, ?)", id, name, text);
  });
}

std::string Store::damage() const {
  return impl_->read([](SQLite::Database& database) {
    const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
    return found == "ok" ? std::string() : found;
  });
}

std::vector<std::string> Store::events(RunId id, const std::string& name) const {
  return impl_->read([&](SQLite::Database& database) {
    SQLite::Statement statement(database, "SELECT text FROM event WHERE run = ? AND name = ? ORDER BY id");
    bind_all(statement, id, name);
    std::vector<std::string> texts;
    while (statement.executeStep()) texts.push_back(statement.getColumn(0).getString());
    return texts;
  });
}

}  // namespace drawlab::results
