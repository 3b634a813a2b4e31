#include "results/record.hpp"

#include "drawlab/error.hpp"

#include "results/connection.hpp"

#include <cmath>
#include <limits>

namespace drawlab::results {

namespace {

std::optional<const char*> nonfinite_name(double value) {
  if (std::isfinite(value)) return std::nullopt;
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

double read_value(const Rows& row) {
  if (row.is_null("nonfinite")) return row.real("value");
  const std::string name = row.text("nonfinite");
  if (name == "nan") return std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  return name == "inf" ? infinity : -infinity;
}

bool has_column(SQLite::Database& database, const char* table, const char* column) {
  return Rows(database, "SELECT 1 FROM pragma_table_info(?) WHERE name = ?", table, column).next();
}

}  // namespace

void Record::put_metrics(RunId id, std::span<const Metric> metrics) {
  connection_.write_to_run(id, [&](SQLite::Database& database) {
    for (const auto& [epoch, name, value] : metrics) {
      execute(database,
              "INSERT INTO metric (run, epoch, split, name, value, nonfinite) "
              "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run, split, name, epoch) DO UPDATE SET "
              "value = excluded.value, nonfinite = excluded.nonfinite",
              id, epoch, split_name(name.split), quantity_text(name), finite(value), nonfinite_name(value));
    }
  });
}

std::vector<Metric> Record::metrics(RunId id) const {
  return connection_.read([&](SQLite::Database& database) {
    std::vector<Metric> metrics;
    Rows row(database,
             "SELECT epoch, split, name, value, nonfinite FROM metric WHERE run = ? "
             "ORDER BY epoch, CASE split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END, split, name",
             id);
    while (row.next()) {
      const auto split = parse_split(row.text("split"));
      const auto name = split ? parse_metric(*split, row.text("name")) : std::nullopt;
      if (name) metrics.push_back({row.integer("epoch"), *name, read_value(row)});
    }
    return metrics;
  });
}

std::map<RunId, double> Record::last_values(const MetricName& name) const {
  return connection_.read([&](SQLite::Database& database) {
    std::map<RunId, double> values;
    Rows row(database,
             "SELECT id, (SELECT value FROM metric WHERE run = run.id AND split = ?1 AND name = ?2 "
             "ORDER BY epoch DESC LIMIT 1) AS last FROM run WHERE last IS NOT NULL",
             split_name(name.split), quantity_text(name));
    while (row.next()) values[row.integer("id")] = row.real("last");
    return values;
  });
}

void Record::put_confusion(RunId id, Split split, std::span<const std::int64_t> counts) {
  const auto classes = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(counts.size()))));
  DRAWLAB_ASSERT(classes * classes == counts.size());
  connection_.write_to_run(id, [&](SQLite::Database& database) {
    execute(database, "DELETE FROM confusion WHERE run = ? AND split = ?", id, split_name(split));
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      execute(database, "INSERT INTO confusion (run, split, label, guess, count) VALUES (?, ?, ?, ?, ?)", id,
              split_name(split), static_cast<std::int64_t>(i / classes), static_cast<std::int64_t>(i % classes),
              counts[i]);
    }
  });
}

std::vector<std::int64_t> Record::confusion(RunId id, Split split) const {
  return connection_.read([&](SQLite::Database& database) {
    std::vector<std::int64_t> counts;
    // A database that an older drawlab wrote keeps its schema until it is opened for writing.
    if (!database.tableExists("confusion")) return counts;
    Rows row(database,
             "SELECT label, guess, count, max(max(label, guess)) OVER () + 1 AS classes FROM confusion "
             "WHERE run = ? AND split = ?",
             id, split_name(split));
    while (row.next()) {
      const auto classes = static_cast<std::size_t>(row.integer("classes"));
      counts.resize(classes * classes);
      counts[static_cast<std::size_t>(row.integer("label")) * classes +
             static_cast<std::size_t>(row.integer("guess"))] = row.integer("count");
    }
    return counts;
  });
}

void Record::put_image(RunId id, const ImageRow& image) {
  const auto layout = image.layout ? std::optional(layout_json(*image.layout)) : std::nullopt;
  connection_.write_to_run(id, [&](SQLite::Database& database) {
    execute(database,
            "INSERT INTO image (run, kind, name, format, caption, epoch, bytes, layout) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, kind, name) DO UPDATE SET "
            "format = excluded.format, caption = excluded.caption, epoch = excluded.epoch, "
            "bytes = excluded.bytes, layout = excluded.layout",
            id, image.kind, image.name, image.format, image.caption, image.epoch, image.bytes, layout);
  });
}

std::vector<ImageRow> Record::images(RunId id) const {
  return connection_.read([&](SQLite::Database& database) {
    std::vector<ImageRow> images;
    const bool has_layouts = has_column(database, "image", "layout");
    for (Rows row(database, "SELECT * FROM image WHERE run = ? ORDER BY kind, name", id); row.next();) {
      images.push_back({row.text("kind"), row.text("name"), row.text("format"), row.text("caption"),
                        row.integer("epoch"), row.bytes("bytes"),
                        has_layouts ? parse_layout(row.text("layout")) : std::nullopt});
    }
    return images;
  });
}

void Record::put_checkpoint(RunId id, const std::filesystem::path& file, const std::string& sha256, std::int64_t epoch,
                            std::int64_t step) {
  connection_.write_to_run(id, [&](SQLite::Database& database) {
    execute(database,
            "INSERT INTO artifact (run, kind, path, sha256, epoch, step) VALUES (?, 'checkpoint', ?, ?, ?, ?) "
            "ON CONFLICT (run, kind) DO UPDATE SET path = excluded.path, sha256 = excluded.sha256, "
            "epoch = excluded.epoch, step = excluded.step, written = excluded.written",
            id, connection_.relative(file), sha256, epoch, step);
  });
}

void Record::put_event(RunId id, const std::string& name, const std::string& text) {
  const auto put = [&](SQLite::Database& database) {
    execute(database, "INSERT INTO event (run, name, text) VALUES (nullif(?, 0), ?, ?)", id, name, text);
  };
  if (id == 0) {
    connection_.write(put);
  } else {
    connection_.write_to_run(id, put);
  }
}

std::vector<std::string> Record::events(RunId id, const std::string& name) const {
  return connection_.read([&](SQLite::Database& database) {
    std::vector<std::string> texts;
    Rows row(database, "SELECT text FROM event WHERE run = ? AND name = ? ORDER BY id", id, name);
    while (row.next()) texts.push_back(row.text("text"));
    return texts;
  });
}

}  // namespace drawlab::results
