#include "configuration/cell_config.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace drawlab::runner {
namespace {

std::string documentation() {
  std::ifstream file(std::string(DRAWLAB_SOURCE) + "/docs/experiment-file.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// An option as the tables of docs/experiment-file.md have it.
std::string row_of(const OptionDescription& option) {
  std::string range = option.range_text();
  for (std::size_t at = 0; (at = range.find(" | ", at)) != std::string::npos; at += 2) range.replace(at, 3, ", ");
  return fmt::format("| `{}` | {} | {} | {} |\n", option.name, option.default_value.preview(), range, option.text);
}

template <class Options>
void expect_documented() {
  Options options;
  OptionTable table;
  options.declare(table);
  const std::string text = documentation();
  for (const OptionDescription& option : table.descriptions()) {
    EXPECT_NE(text.find(row_of(option)), std::string::npos) << "docs/experiment-file.md lacks the row\n"
                                                            << row_of(option);
  }
}

TEST(SettingsDocumentation, HasEveryOptionOfTheModel) { expect_documented<ModelOptions>(); }
TEST(SettingsDocumentation, HasEveryOptionOfTraining) { expect_documented<TrainingOptions>(); }

}  // namespace
}  // namespace drawlab::runner
