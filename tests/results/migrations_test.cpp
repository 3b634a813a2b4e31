#include "results/database.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace drawlab::results {
namespace {

using testing::ElementsAre;

std::vector<std::string> schema(const std::filesystem::path& path) {
  return sql(path, "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name");
}

void make_version(const std::filesystem::path& path, std::size_t version) {
  SQLite::Database database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  migrate(database, embedded_migrations().first(version));
}

TEST(Migrations, AreNumberedWithoutGaps) {
  int number = 0;
  for (const EmbeddedSql& file : embedded_migrations()) {
    EXPECT_EQ(std::stoi(std::string(file.name.substr(0, 3))), ++number) << file.name;
  }
  EXPECT_GT(number, 0);
}

TEST(Migrations, LeadFromEveryOlderVersionToTheSameSchema) {
  const TemporaryFolder folder;
  { const Store fresh(folder / "fresh.sqlite"); }
  const auto expected = schema(folder / "fresh.sqlite");
  for (std::size_t version = 1; version <= embedded_migrations().size(); ++version) {
    const auto path = folder / ("version" + std::to_string(version) + ".sqlite");
    make_version(path, version);
    sql(path, "INSERT INTO experiment (name) VALUES ('kept')");
    sql(path, "INSERT INTO dataset (id, name, checksum, provenance) VALUES (7, 'digits', 'feed', 'painted')");
    sql(path,
        "INSERT INTO run (id, experiment, identity, config, task, dataset, dataset_id, seed) "
        "VALUES (3, 'kept', 'a', '{}', 'generate', 'digits', 7, 1)");
    { const Store opened(path); }
    EXPECT_EQ(schema(path), expected);
    EXPECT_THAT(sql(path, "SELECT name FROM experiment"), ElementsAre("kept"));
    EXPECT_THAT(sql(path, "SELECT run.id || ' ' || provenance FROM run JOIN dataset ON dataset.id = dataset_id"),
                ElementsAre("3 painted"));
    EXPECT_THAT(sql(path, "PRAGMA foreign_key_check"), ElementsAre());
    EXPECT_THAT(sql(path, "PRAGMA user_version"), ElementsAre(std::to_string(embedded_migrations().size())));
  }
}

TEST(Migrations, AreAppliedInOrderAndOnlyOnce) {
  const TemporaryFolder folder;
  const std::array<EmbeddedSql, 3> steps = {{{"001_a", "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1);"},
                                             {"002_b", "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 5;"},
                                             {"003_c", "UPDATE a SET y = y + 1;"}}};
  SQLite::Database database((folder / "x.sqlite").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  migrate(database, std::span(steps).first(1));
  migrate(database, steps);
  migrate(database, steps);
  EXPECT_THAT(sql(folder / "x.sqlite", "SELECT x || ' ' || y FROM a"), ElementsAre("1 6"));
}

TEST(Migrations, LeaveTheOldVersionWhereOneFails) {
  const TemporaryFolder folder;
  const std::array<EmbeddedSql, 3> steps = {{{"001_a", "CREATE TABLE a (x INTEGER);"},
                                             {"002_b", "CREATE TABLE b (x INTEGER);"},
                                             {"003_c", "CREATE nonsense;"}}};
  SQLite::Database database((folder / "x.sqlite").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  migrate(database, std::span(steps).first(1));
  EXPECT_THROW(migrate(database, steps), SQLite::Exception);
  EXPECT_THAT(sql(folder / "x.sqlite", "SELECT name FROM sqlite_schema"), ElementsAre("a"));
  EXPECT_THAT(sql(folder / "x.sqlite", "PRAGMA user_version"), ElementsAre("1"));
}

TEST(Migrations, SurviveManyProcessesThatOpenANewDatabaseAtOnce) {
  const TemporaryFolder folder;
  const auto path = folder / "drawlab.sqlite";
  std::vector<pid_t> children;
  for (int i = 0; i < 10; ++i) {
    children.push_back(start_process([&] {
      Store mine(path);
      return mine.put_run(new_run("process " + std::to_string(i))) > 0 ? 0 : 1;
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
  EXPECT_EQ(Store(path).runs().size(), 10U);
}

}  // namespace
}  // namespace drawlab::results
