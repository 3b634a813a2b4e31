#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "host/plugin_host.hpp"
#include "results/format.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/plugins_check.hpp"
#include "runner/exit_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace drawlab::runner {
namespace {

void print_warnings(const PluginHost& plugins) {
  for (const std::string& warning : plugins.warnings()) std::cerr << "warning: " << warning << '\n';
}

int list(PluginHost& plugins, results::Format format) {
  const PluginHost::Listing listing = plugins.list();
  results::Table table{{"plugin", "kind", "version", "summary", "library"}, {}};
  for (const PluginRecord& record : listing.plugins) {
    std::string kind = "dataset";
    if (record.kind == PluginKind::read_write) {
      const ReadWritePlugin& plugin = plugins.read_write(record.name);
      kind = plugin.can_read() && plugin.can_write() ? "read, write" : plugin.can_read() ? "read" : "write";
    }
    table.rows.push_back({record.name, kind, record.version, record.summary, record.library.string()});
  }
  std::cout << results::format_table(table, format);
  for (const std::string& refusal : listing.refusals) std::cerr << "refused: " << refusal << '\n';
  print_warnings(plugins);
  return listing.refusals.empty() ? kDone : kPlugin;
}

void describe_options(const std::string& title, const OptionTable& options) {
  const auto descriptions = options.descriptions();
  std::cout << '\n' << title << (descriptions.empty() ? ": none\n" : "\n");
  for (const OptionDescription& option : descriptions) {
    std::string type = kind_name(option.kind);
    if (const std::string range = option.range_text(); !range.empty()) type += ", " + range;
    std::cout << fmt::format("  {:<14} {} (by default {}; {}){}\n", option.name, option.text,
                             option.default_value.preview(), type,
                             option.affects_result ? "" : " [no part of a cell's identity]");
  }
}

void print_record(const PluginRecord& record) {
  std::cout << fmt::format("{} {}\n  {}\n  reference: {}\n  library: {}\n  sha256: {}\n", record.name, record.version,
                           record.summary, record.reference, record.library.string(), record.sha256);
}

int describe(PluginHost& plugins, const std::string& name) {
  const auto& names = plugins.names();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw ConfigError(fmt::format("no plugin '{}'{}", name, suggestion(name, names)));
  }
  const PluginHost::Listing listing = plugins.list();
  const auto record = std::find_if(listing.plugins.begin(), listing.plugins.end(),
                                   [&](const PluginRecord& other) { return other.name == name; });
  if (record == listing.plugins.end()) {
    plugins.read_write(name);  // throws what is wrong with it
    throw PluginError(fmt::format("the plugin '{}' cannot be used", name));
  }
  print_record(*record);
  if (record->kind == PluginKind::dataset) {
    describe_options("options", plugins.dataset(name).options()->table());
  } else {
    const ReadWritePlugin& plugin = plugins.read_write(name);
    if (plugin.can_read()) describe_options("options as read", plugin.read_options()->table());
    if (plugin.can_write()) describe_options("options as write", plugin.write_options()->table());
  }
  print_warnings(plugins);
  return kDone;
}

}  // namespace

int plugins_command(const std::vector<std::string>& words) {
  Arguments arguments(
      "plugins list | describe NAME | check LIBRARY [options]",
      "Lists the plugins that are found, describes one and its options, or holds one (by the path of its "
      "library, or by name) to what every plugin must do.");
  add_plugin_path_option(arguments);
  add_format_option(arguments);
  arguments.positional("ACTION");
  arguments.positional("NAME");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return kDone;
  const std::string action = required_word(*values, "ACTION", "list, describe or check");
  require_word("plugins", action, {"list", "describe", "check"});
  const results::Format format = results::format_of((*values)["format"].as<std::string>());
  const auto folders = PluginHost::standard_folders(plugin_folders(*values));
  if (action == "check") return check_plugin(required_word(*values, "NAME", "the path of a plugin's library"), folders);
  PluginHost plugins(folders);
  if (action == "list") return list(plugins, format);
  return describe(plugins, required_word(*values, "NAME", "a plugin's name; `drawlab plugins list` shows them"));
}

}  // namespace drawlab::runner
