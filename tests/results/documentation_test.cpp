#include "results/canned_query.hpp"
#include "results/query.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace drawlab::results {
namespace {

using Sections = std::map<std::string, std::vector<std::string>>;

const std::string& page() {
  static const std::string text = read_text(std::filesystem::path(DRAWLAB_DOCS) / "results-database.md");
  return text;
}

// The name in backquotes that a table's row begins with; empty where the line is none.
std::string row_name(const std::string& line) {
  if (!line.starts_with("| `")) return {};
  return line.substr(3, line.find('`', 3) - 3);
}

// Headings of the third level and the names in the tables below them.
Sections documented_columns() {
  Sections sections;
  std::istringstream lines(page());
  std::vector<std::string>* columns = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("### ")) {
      columns = &sections[line.substr(4)];
    } else if (line.starts_with("## ")) {
      columns = nullptr;
    } else if (columns != nullptr && !row_name(line).empty()) {
      columns->push_back(row_name(line));
    }
  }
  return sections;
}

std::vector<std::string> rows_below(const std::string& heading) {
  std::vector<std::string> names;
  std::istringstream lines(page().substr(page().find("\n## " + heading + "\n") + 1));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && !line.starts_with("## ")) {
    if (!row_name(line).empty()) names.push_back(row_name(line));
  }
  return names;
}

// The code blocks of a language.
std::vector<std::string> snippets(const std::string& language) {
  std::vector<std::string> found;
  const std::string fence = "```" + language + "\n";
  for (auto at = page().find(fence); at != std::string::npos; at = page().find(fence, at)) {
    at += fence.size();
    found.push_back(page().substr(at, page().find("```", at) - at));
  }
  return found;
}

class DocumentationTest : public testing::Test {
 protected:
  DocumentationTest() {
    const RunId id = store.put_run(new_run("a"));
    store.acquire(id, "holder", this_machine());
    store.put_metrics(
        id, std::vector<Metric>{{1, {Split::validation, Quantity::nll}, 99}, {1, {Split::test, Quantity::nll}, 98}});
    store.put_image(id, {"samples", "samples", "png", "", 1, {1, 2, 3}});
    store.release(id, "holder", Status::done);
  }
  int run_in_folder(const std::string& command) {
    return std::system(("cd '" + folder.path().string() + "' && " + command + " > output.txt 2>&1").c_str());
  }

  TemporaryFolder folder;
  std::filesystem::path path = folder / "results/drawlab.sqlite";
  Store store{path};
};

TEST_F(DocumentationTest, NamesEveryTableViewAndColumnInOrder) {
  Sections schema;
  for (const std::string& name : sql(path,
                                     "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') "
                                     "AND name NOT LIKE 'sqlite_%'")) {
    schema[name] = sql(path, "SELECT name FROM pragma_table_info('" + name + "')");
  }
  EXPECT_EQ(documented_columns(), schema);
}

TEST_F(DocumentationTest, NamesEveryCannedQueryAndItsParameters) {
  std::vector<std::string> known;
  for (const CannedQuery& query : canned_queries()) {
    known.push_back(query.name);
    const auto row = page().find("\n| `" + query.name + "` |", page().find("\n## Canned queries\n"));
    ASSERT_NE(row, std::string::npos) << query.name;
    const std::string line = page().substr(row + 1, page().find('\n', row + 1) - row);
    for (const auto& parameter : query.parameters) {
      const bool shows_default = parameter.standard && !parameter.standard->empty();
      const std::string text = "`" + parameter.name + "`" + (shows_default ? " (" + *parameter.standard + ")" : "");
      EXPECT_THAT(line, testing::HasSubstr(text));
    }
  }
  EXPECT_THAT(rows_below("Canned queries"), testing::UnorderedElementsAreArray(known));
}

TEST_F(DocumentationTest, NamesEveryStatus) {
  EXPECT_THAT(rows_below("Status"), testing::UnorderedElementsAre("pending", "running", "interrupted", "stopped",
                                                                  "done", "diverged", "failed"));
}

TEST_F(DocumentationTest, ShowsPythonThatRuns) {
  const auto programs = snippets("python");
  EXPECT_GE(programs.size(), 2U);
  for (const std::string& program : programs) {
    std::ofstream(folder / "snippet.py") << program;
    EXPECT_EQ(run_in_folder("python3 snippet.py"), 0) << program << read_text(folder / "output.txt");
  }
  EXPECT_EQ(read_text(folder / "run_1_samples.png"), "\x01\x02\x03");
}

TEST_F(DocumentationTest, ShowsCommandsOfTheSqliteShellThatRun) {
  if (std::system("command -v sqlite3 > /dev/null") != 0) GTEST_SKIP() << "the sqlite3 shell is not installed";
  int count = 0;
  for (const std::string& snippet : snippets("sh")) {
    if (!snippet.starts_with("sqlite3 ")) continue;
    std::ofstream(folder / "snippet.sh") << "set -e\n" << snippet;
    EXPECT_EQ(run_in_folder("sh snippet.sh"), 0) << snippet << read_text(folder / "output.txt");
    EXPECT_NE(read_text(folder / "output.txt"), "") << snippet;
    ++count;
  }
  EXPECT_GE(count, 3);
  const Store copy(folder / "results/copy.sqlite", Store::Mode::read_only);
  EXPECT_EQ(copy.runs().size(), 1U);
}

TEST_F(DocumentationTest, ShowsQueriesThatRun) {
  int count = 0;
  for (const std::string& snippet : snippets("sh")) {
    std::istringstream lines(snippet);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("drawlab query ")) continue;
      std::string query = line.substr(14);
      query = query.starts_with('"') ? query.substr(1, query.find('"', 1) - 1) : query.substr(0, query.find(' '));
      std::map<std::string, std::string> parameters;
      if (line.find("-p run=1") != std::string::npos) parameters["run"] = "1";
      EXPECT_FALSE(run_query(path, query, parameters).rows.empty()) << line;
      ++count;
    }
  }
  EXPECT_GE(count, 4);
}

}  // namespace
}  // namespace drawlab::results
