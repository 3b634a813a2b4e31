#include "results/display_width.hpp"
#include "runner/commands/commands.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace drawlab::runner {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(DRAWLAB_SOURCE) / "tests/runner/commands/help";

/// The help of a command and of those below it, by path: "drawlab data list".
void collect(const Command& command, const std::string& path, std::map<std::string, std::string>& texts) {
  texts[path] = help_text(command, path);
  for (const Command& each : command.commands) collect(each, path + ' ' + each.name, texts);
}

std::map<std::string, std::string> all_texts() {
  std::map<std::string, std::string> texts;
  collect({"drawlab", "", "Experiments with DRAW models on a CPU.", commands()}, "drawlab", texts);
  return texts;
}

/// `data_list.txt` for "drawlab data list".
std::filesystem::path file_of(std::string path) {
  for (char& letter : path) {
    if (letter == ' ') letter = '_';
  }
  return kFolder / (path.substr(path.find('_') + 1) + ".txt");
}

// DRAWLAB_UPDATE_HELP=1 writes the files instead.
TEST(Help, IsAsRecorded) {
  const bool updates = std::getenv("DRAWLAB_UPDATE_HELP") != nullptr;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) files += entry.path().extension() == ".txt";
  for (const auto& [path, text] : all_texts()) {
    if (updates) std::ofstream(file_of(path)) << text;
    std::ostringstream recorded;
    recorded << std::ifstream(file_of(path)).rdbuf();
    EXPECT_EQ(text, recorded.str()) << "set DRAWLAB_UPDATE_HELP=1 and run this test to write " << file_of(path);
  }
  EXPECT_TRUE(updates || files == all_texts().size()) << "a file without a command in " << kFolder;
}

TEST(Help, HasNoLineOfMoreThanEightyColumns) {
  for (const auto& [path, text] : all_texts()) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(results::display_width(line), 80U) << path << line;
  }
}

TEST(Help, SaysWhatEveryOptionIs) {
  for (const auto& [path, text] : all_texts()) {
    EXPECT_NE(text.find("--help"), std::string::npos) << path;
    EXPECT_EQ(text.find("\n\n\n"), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace drawlab::runner
