#include "results/query.hpp"

#include "drawlab/error.hpp"

#include "results/canned_query.hpp"
#include "results/format.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drawlab::results {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class QueryTest : public testing::Test {
 protected:
  QueryTest() {
    finish("g1", "global", 1, 100, 90);
    finish("g2", "global", 2, 104, 92);
    finish("a1", "gaussian", 1, 90, 95);
    store.put_run(new_run("never started"));
  }
  void finish(const std::string& identity, const std::string& read, std::uint64_t seed, double nll, double earlier) {
    NewRun given = new_run(identity);
    given.read = read;
    given.seed = seed;
    given.config = R"({"read":{")" + read + R"(":{}},"seed":)" + std::to_string(seed) + "}";
    const RunId id = store.put_run(given);
    store.acquire(id, "holder", this_machine());
    store.heartbeat(id, "holder", 60);
    store.put_metrics(id, std::vector<Metric>{{1, {Split::validation, Quantity::nll}, earlier + 50},
                                              {2, {Split::validation, Quantity::nll}, earlier},
                                              {2, {Split::test, Quantity::nll}, nll},
                                              {2, {Split::test, Quantity::kl}, 20},
                                              {2, {Split::test, Quantity::kl_glimpse, 1}, 15},
                                              {2, {Split::test, Quantity::kl_glimpse, 2}, 4},
                                              {2, {Split::test, Quantity::kl_glimpse, 10}, 1}});
    store.release(id, "holder", Status::done);
  }
  std::string csv(const std::string& query, const std::map<std::string, std::string>& parameters = {}) {
    return format_table(run_query(path, query, parameters), Format::csv);
  }
  std::string mistake(const std::string& query, const std::map<std::string, std::string>& parameters = {}) {
    try {
      run_query(path, query, parameters);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return {};
  }

  TemporaryFolder folder;
  std::filesystem::path path = folder / "drawlab.sqlite";
  Store store{path};
};

TEST_F(QueryTest, GivesCellsTheirTypes) {
  const Table table = run_query(path, "SELECT 1 AS a, 2.5 AS b, 'x' AS c, NULL AS d, x'00ff' AS e");
  EXPECT_THAT(table.columns, ElementsAre("a", "b", "c", "d", "e"));
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0], (std::vector<Cell>{std::int64_t{1}, 2.5, std::string("x"), std::monostate{},
                                              std::vector<std::uint8_t>{0, 255}}));
}

TEST_F(QueryTest, AveragesOverSeedsInTheAblation) {
  EXPECT_EQ(csv("ablation"),
            "experiment,dataset,read,write,cell,runs,test_nll,test_nll_sd,test_kl,test_kl_sd,test_error,seconds\n"
            "ablation,digits,gaussian,global,read=global write=global,1,90,,20,,,60\n"
            "ablation,digits,global,global,read=global write=global,2,102,2.8284271247461903,20,0,,60\n");
  EXPECT_EQ(run_query(path, "ablation", {{"experiment", "none"}}).rows.size(), 0U);
}

TEST_F(QueryTest, CountsARunThatWasTrainedAfreshOnce) {
  NewRun again = new_run("g1");
  again.config = store.run(1)->config;
  const RunId fresh = store.put_run(again, true);
  EXPECT_EQ(run_query(path, "ablation").rows.size(), 2U);
  store.acquire(fresh, "holder", this_machine());
  store.release(fresh, "holder", Status::done);
  EXPECT_THAT(csv("ablation"), HasSubstr("global,global,read=global write=global,2,104,,"));
}

TEST_F(QueryTest, CountsASeedOnceThatAnotherBuildTrainedAgain) {
  NewRun rebuilt = new_run("the identity of another build");
  rebuilt.config = store.run(1)->config;
  const RunId id = store.put_run(rebuilt);
  store.acquire(id, "holder", this_machine());
  store.put_metrics(id, std::vector<Metric>{{2, {Split::test, Quantity::nll}, 108}});
  store.release(id, "holder", Status::done);
  EXPECT_THAT(csv("ablation"), HasSubstr("global,global,read=global write=global,2,106,"));
  EXPECT_THAT(csv("cells"), HasSubstr("read=global write=global,digits,2,2,106,"));
}

TEST_F(QueryTest, KeepsCellsApartThatDifferInAnOptionAlone) {
  for (const char* const size : {"2", "5"}) {
    NewRun run = new_run(std::string("size ") + size, "sizes");
    run.read = "gaussian";
    run.label = std::string("read=gaussian(size=") + size + ")";
    run.config = std::string(R"({"read":{"gaussian":{"size":)") + size + R"(}},"seed":1})";
    const RunId id = store.put_run(run);
    store.acquire(id, "holder", this_machine());
    store.release(id, "holder", Status::done);
  }
  EXPECT_EQ(run_query(path, "ablation", {{"experiment", "sizes"}}).rows.size(), 2U);
}

TEST_F(QueryTest, AveragesOverNothingButSeeds) {
  for (const char* const rate : {"0.001", "0.1"}) {
    NewRun run = new_run(std::string("rate ") + rate, "rates");
    run.config = std::string(R"({"training":{"learning_rate":)") + rate + R"(},"seed":1})";
    const RunId id = store.put_run(run);
    store.acquire(id, "holder", this_machine());
    store.put_metrics(
        id, std::vector<Metric>{{2, {Split::test, Quantity::nll}, rate == std::string("0.1") ? 300.0 : 100.0}});
    store.release(id, "holder", Status::done);
  }
  const std::string cells = csv("cells", {{"experiment", "rates"}});
  EXPECT_THAT(cells, HasSubstr("read=global write=global,digits,1,0,100,"));
  EXPECT_THAT(cells, HasSubstr("read=global write=global (2),digits,1,0,300,"));
  EXPECT_EQ(run_query(path, "ablation", {{"experiment", "rates"}}).rows.size(), 2U);
}

TEST_F(QueryTest, ListsTheBestRuns) {
  EXPECT_EQ(csv("best", {{"limit", "1"}}),
            "experiment,run,dataset,read,write,seed,epochs,test_nll,test_reconstruction,test_kl,seconds\n"
            "ablation,3,digits,gaussian,global,1,2,90,,20,60\n");
}

TEST_F(QueryTest, GivesACellOneLine) {
  EXPECT_EQ(csv("cells"),
            "experiment,cell,dataset,runs,epochs,test_nll,test_kl,test_error_percent,minutes,threads\n"
            "ablation,read=global write=global (2),digits,1,2,90,20,,1,2\n"
            "ablation,read=global write=global,digits,2,2,102,20,,1,2\n");
  EXPECT_EQ(run_query(path, "cells", {{"experiment", "none"}}).rows.size(), 0U);
}

TEST_F(QueryTest, DrawsACurve) {
  EXPECT_EQ(csv("curve", {{"run", "1"}}), "epoch,nll,reconstruction,kl,error\n1,140,,,\n2,90,,,\n");
}

TEST_F(QueryTest, OrdersGlimpsesByTheirNumbers) {
  EXPECT_EQ(csv("kl_per_glimpse", {{"run", "3"}}), "glimpse,kl,kl_so_far\n1,15,15\n2,4,19\n10,1,20\n");
}

TEST_F(QueryTest, PutsThePapersNumbersBesideThoseOfTheCellThatValidatesBest) {
  // Runs 1 and 2 are without attention: 1 validates better, and is taken although 2 tests no worse.
  const EvaluationRow plain{Split::test, 100, BoundKind::plain, 2, 1, 87.254, 0.0214, 60, 27.25, {}, {}, "sum",
                            "0",         ""};
  store.put_evaluation(1, plain);
  EvaluationRow more = plain;
  more.passes = 10;
  more.nll = 87.256;
  store.put_evaluation(1, more);
  EvaluationRow fewer_images = more;
  fewer_images.samples = 10;
  fewer_images.passes = 100;
  store.put_evaluation(1, fewer_images);
  store.put_evaluation(1,
                       {Split::test, 100, BoundKind::importance, 1, 50, 85.5, 0.03, {}, {}, {}, 3.0, "sum", "0", ""});
  store.put_evaluation(1, {Split::validation, 100, BoundKind::plain, 20, 1, 1.0, 0.01, {}, {}, {}, {}, "sum", "0", ""});
  store.put_evaluation(2, plain);
  EXPECT_EQ(
      csv("paper_numbers", {{"experiment", "ablation"}}),
      "model,paper,best_public,test_nll,standard_error,passes,test_kl,importance_nll,importance_samples,"
      "validation_nll,glimpses,epochs,hours,threads,normalization,precision,learning_rate,schedule,batch,clip_norm,"
      "averaging,run\n"
      "with attention,80.97,81.17,,,,,,,95,,2,0,2,,,,,,,,3\n"
      "without attention,87.4,,87.26,0.021,10,27.25,85.5,50,90,,2,0,2,,,,,,,,1\n");
  EXPECT_THAT(csv("paper_numbers", {{"experiment", "none"}}),
              HasSubstr("\nwith attention,80.97,81.17,,,,,,,,,,,,,,,,,,,\n"));
}

TEST_F(QueryTest, TellsHowFastCellsLearn) {
  const RunId quicker = store.put_run([] {
    NewRun given = new_run("quicker");
    given.config = R"({"model":{"normalization":"layer"},"training":{"learning_rate":0.004,"schedule":"cosine",)"
                   R"("precision":"bf16"}})";
    return given;
  }());
  store.put_metrics(quicker, std::vector<Metric>{{1, {Split::validation, Quantity::nll}, 98.75},
                                                 {1, {Split::train, Quantity::nll}, 1}});
  EXPECT_EQ(csv("recipes", {{"experiment", "ablation"}, {"first", "1"}, {"second", "2"}}),
            "cell,normalization,learning_rate,schedule,precision,seed,after_first,after_second,after_third,epochs,"
            "best_nll,status,run\n"
            "read=global write=global,,,,,1,140,90,,2,90,done,1\n"
            "read=global write=global,,,,,1,145,95,,2,95,done,3\n"
            "read=global write=global,,,,,2,142,92,,2,92,done,2\n"
            "read=global write=global,layer,0.004,cosine,bf16,1,98.8,,,1,98.75,pending,5\n");
}

TEST_F(QueryTest, CountsTheSessionsOfAMachine) {
  EXPECT_THAT(csv("machines"), HasSubstr("\nhere,a processor,AVX2,2,3,3,0.05,"));
}

TEST_F(QueryTest, EveryCannedQueryRunsAndIsExplained) {
  for (const CannedQuery& query : canned_queries()) {
    EXPECT_NE(query.summary, "") << query.name;
    std::map<std::string, std::string> parameters;
    for (const auto& parameter : query.parameters) {
      EXPECT_NE(parameter.text, "") << query.name << " :" << parameter.name;
      EXPECT_NE(query.sql.find(":" + parameter.name, query.sql.find("SELECT")), std::string::npos) << parameter.name;
      if (!parameter.standard) parameters[parameter.name] = "1";
    }
    EXPECT_NO_THROW(run_query(path, query.name, parameters)) << query.name;
  }
}

TEST_F(QueryTest, TellsItsParametersAndTheirDefaults) {
  for (const CannedQuery& query : canned_queries()) {
    if (query.name != "curve") continue;
    ASSERT_EQ(query.parameters.size(), 2U);
    EXPECT_EQ(query.parameters[0].name, "run");
    EXPECT_FALSE(query.parameters[0].standard);
    EXPECT_EQ(query.parameters[0].text, "the run's number");
    EXPECT_EQ(query.parameters[1].name, "split");
    EXPECT_EQ(query.parameters[1].standard, "validation");
  }
}

TEST_F(QueryTest, NamesTheNearestQueryAndParameter) {
  EXPECT_EQ(mistake("leaderbord"), "query: there is no canned query 'leaderbord'; did you mean 'leaderboard'?");
  EXPECT_THAT(mistake("x"),
              StartsWith("query: there is no canned query 'x'; known: ablation, best, cells, confusion, curve"));
  EXPECT_EQ(mistake("best", {{"limt", "3"}}), "query: there is no parameter 'limt' in it; did you mean 'limit'?");
  EXPECT_EQ(mistake("machines", {{"x", "3"}}), "query: there is no parameter 'x' in it; it has none");
  EXPECT_EQ(mistake("curve"), "query: no value for run; give it with -p run=VALUE");
  EXPECT_EQ(mistake("SELECT ?"), "query: parameters need names: :name, not ?");
}

TEST_F(QueryTest, BindsParametersAsValuesNotAsSql) {
  EXPECT_EQ(csv("SELECT :a AS a, typeof(:b) AS b, typeof(:c) AS c, typeof(:d) AS d",
                {{"a", "'; DROP TABLE run; --"}, {"b", "7"}, {"c", "-1e3"}, {"d", "infinity"}}),
            "a,b,c,d\n'; DROP TABLE run; --,integer,real,text\n");
}

TEST_F(QueryTest, ChangesNothing) {
  const std::string refusal = "query: only reading is allowed here, one SELECT; the record is changed by drawlab alone";
  const auto other = (folder / "other.sqlite").string();
  for (const std::string& statement : std::vector<std::string>{
           "DELETE FROM run", "UPDATE run SET seed = 2", "INSERT INTO experiment (name) VALUES ('x')",
           "DROP TABLE metric", "CREATE TEMP TABLE x (y)", "ATTACH '" + other + "' AS other",
           "PRAGMA journal_mode = DELETE", "PRAGMA user_version = 9", "PRAGMA writable_schema = 1",
           "VACUUM INTO '" + other + "'", "BEGIN IMMEDIATE", "SELECT load_extension('x')",
           "WITH a AS (SELECT 1) DELETE FROM run"}) {
    EXPECT_EQ(mistake(statement), refusal) << statement;
  }
  EXPECT_EQ(mistake("SELECT 1; DELETE FROM run"), "query: one statement at a time");
  EXPECT_FALSE(std::filesystem::exists(other));
  EXPECT_EQ(store.runs().size(), 4U);
}

TEST_F(QueryTest, ReadsTheSchema) {
  EXPECT_THAT(csv("PRAGMA table_info(lease)"), HasSubstr("heartbeat"));
  EXPECT_THAT(csv("SELECT count(*) AS tables FROM sqlite_schema WHERE type = 'table' AND name = 'run'"),
              HasSubstr("\n1\n"));
}

TEST_F(QueryTest, SaysWhereTheSqlIsWrong) {
  EXPECT_EQ(mistake("SELECT nill FROM run"), "query, character 8: no such column: nill");
  EXPECT_EQ(mistake("-- nothing here"), "query: there is no statement in it; give one SELECT or a canned query's name");
  EXPECT_EQ(csv("SELECT 1 AS one; -- done"), "one\n1\n");
}

TEST_F(QueryTest, NeedsADatabase) { EXPECT_THROW(run_query(folder / "none.sqlite", "leaderboard"), DatabaseError); }

}  // namespace
}  // namespace drawlab::results
