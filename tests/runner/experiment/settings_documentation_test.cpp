#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"
#include "sandbox.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace drawlab::runner {
namespace {

std::filesystem::path source() { return DRAWLAB_SOURCE; }

std::string row_of(const OptionDescription& option, const std::string& values) {
  const bool is_empty = option.default_value.is_text() && option.default_value.as_text().empty();
  return fmt::format("| `{}` | {} | {} | {} |\n", option.name, is_empty ? "" : option.default_value.preview(), values,
                     option.text);
}

/// The allowed values as the tables have them: `1..64`, `true, false`, `uniform, orthogonal`.
std::string values_of(const OptionDescription& option) {
  if (option.kind == OptionKind::flag) return "true, false";
  return option.kind == OptionKind::choice ? fmt::format("{}", fmt::join(option.words, ", ")) : option.range_text();
}

template <class Options>
void expect_documented() {
  Options options;
  OptionTable table;
  options.declare(table);
  const std::string text = test::content_of(source() / "docs" / "experiment-file.md");
  for (const OptionDescription& option : table.descriptions()) {
    const std::string row = row_of(option, values_of(option));
    EXPECT_NE(text.find(row), std::string::npos) << "docs/experiment-file.md lacks the row\n" << row;
  }
}

TEST(SettingsDocumentation, HasEveryOptionOfTheModel) { expect_documented<ModelOptions>(); }
TEST(SettingsDocumentation, HasEveryOptionOfTraining) { expect_documented<TrainingOptions>(); }

/// The table of options at the end of a dataset's README.
std::string options_table(const OptionTable& options) {
  std::string table = "| option | by default | values | what it is |\n|---|---|---|---|\n";
  for (const OptionDescription& option : options.descriptions()) {
    const std::string kind = kind_name(option.kind);
    const std::string values = values_of(option);
    table += row_of(option, option.is_number() ? kind + ", " + values : values.empty() ? kind : values);
  }
  return table;
}

TEST(SettingsDocumentation, EndsEachDatasetsPageWithItsOptions) {
  PluginHost plugins(PluginHost::standard_folders());
  int pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source() / "plugins" / "datasets")) {
    if (!entry.is_directory()) continue;
    ++pages;
    const std::filesystem::path page = entry.path() / "README.md";
    const std::string table = options_table(plugins.dataset(entry.path().filename()).options()->table());
    const std::string text = test::content_of(page);
    const std::string before = text.substr(0, text.find("| option | by default"));
    if (std::getenv("DRAWLAB_REWRITE_EXPECTED") != nullptr) std::ofstream(page, std::ios::binary) << before << table;
    EXPECT_EQ(test::content_of(page), before + table)
        << page << ": its table is not the plugin's; DRAWLAB_REWRITE_EXPECTED=1 in the environment rewrites it";
  }
  EXPECT_GE(pages, 6);
}

}  // namespace
}  // namespace drawlab::runner
