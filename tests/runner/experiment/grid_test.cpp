#include "runner/experiment/grid.hpp"

#include "runner/experiment/experiment_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace drawlab::runner {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The `# --set key=value` lines at the head of a case.
std::vector<Override> overrides_of(const std::string& text, Diagnostics& diagnostics) {
  std::vector<Override> overrides;
  std::istringstream lines(text);
  const std::string prefix = "# --set ";
  for (std::string line; std::getline(lines, line) && line.starts_with(prefix);) {
    const std::size_t equals = line.find('=');
    const std::string key = line.substr(prefix.size(), equals - prefix.size());
    overrides.push_back({key, parse_value(line.substr(equals + 1), "--set " + key, diagnostics)});
  }
  return overrides;
}

/// What a file comes to, as the expected texts have it: errors and warnings, or else the cells.
std::string outcome_of(const fs::path& path) {
  Diagnostics diagnostics;
  const std::string text = read_text(path);
  const ConfigNode tree = parse_yaml(text, path.filename().string(), diagnostics);
  const std::vector<Override> overrides = overrides_of(text, diagnostics);
  Grid grid;
  if (!diagnostics.has_errors()) grid = expand_grid(tree, overrides, diagnostics);
  std::string outcome;
  for (const Diagnostic& error : diagnostics.errors()) outcome += "error: " + error.text() + '\n';
  for (const Diagnostic& warning : diagnostics.warnings()) outcome += "warning: " + warning.text() + '\n';
  if (diagnostics.has_errors()) return outcome;
  outcome += "experiment: " + grid.experiment + '\n';
  if (!grid.description.empty()) outcome += "description: " + grid.description + '\n';
  for (const GridCell& cell : grid.cells) {
    outcome += "cell: " + cell.label + (cell.repeat > 0 ? " #" + std::to_string(cell.repeat) : "") + '\n';
    outcome += "  " + to_json(cell.settings) + '\n';
  }
  return outcome;
}

std::vector<fs::path> cases() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(DRAWLAB_CASES)) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class GridCase : public testing::TestWithParam<fs::path> {};

TEST_P(GridCase, ComesToTheExpectedCellsAndMessages) {
  fs::path expected = GetParam();
  expected.replace_extension(".expected");
  const std::string outcome = outcome_of(GetParam());
  // After a change that is meant, run once with DRAWLAB_REWRITE_EXPECTED=1 and read the difference.
  if (std::getenv("DRAWLAB_REWRITE_EXPECTED") != nullptr) std::ofstream(expected, std::ios::binary) << outcome;
  EXPECT_EQ(outcome, read_text(expected));
}

INSTANTIATE_TEST_SUITE_P(Files, GridCase, testing::ValuesIn(cases()),
                         [](const auto& file) { return file.param.stem().string(); });

TEST(ExperimentFile, ThatDoesNotExistIsNamed) {
  Diagnostics diagnostics;
  read_experiment_file("nowhere/some.yaml", diagnostics);
  ASSERT_EQ(diagnostics.errors().size(), 1u);
  EXPECT_EQ(diagnostics.errors().front().text(), "nowhere/some.yaml: cannot be read: No such file or directory");
}

TEST(ExperimentFile, ThatIsAFolderIsRefused) {
  Diagnostics diagnostics;
  read_experiment_file(DRAWLAB_CASES, diagnostics);
  ASSERT_EQ(diagnostics.errors().size(), 1u);
  EXPECT_EQ(diagnostics.errors().front().text(), std::string(DRAWLAB_CASES) + ": a folder, not an experiment file");
}

TEST(ExperimentFile, WhoseAliasesUnfoldWithoutEndIsRefused) {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name <= 'j'; ++name) {
    const std::string before(1, static_cast<char>(name - 1));
    text += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 10; ++i) text += (i > 0 ? ", *" : "*") + before;
    text += "]\n";
  }
  Diagnostics diagnostics;
  parse_yaml(text, "bomb.yaml", diagnostics);
  ASSERT_EQ(diagnostics.errors().size(), 1u);
  EXPECT_NE(diagnostics.errors().front().text().find("unfold without end"), std::string::npos);
}

}  // namespace
}  // namespace drawlab::runner
