#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "host/plugin_host.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/plugins_check.hpp"
#include "runner/commands/shared_options.hpp"
#include "runner/exit_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace drawlab::runner {
namespace {

void print_warnings(const PluginHost& plugins) {
  for (const std::string& warning : plugins.warnings()) std::cerr << "warning: " << warning << '\n';
}

int list(PluginHost& plugins, const FormatOption& format) {
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
  format.print(table);
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

struct List : CommandLine {
  PluginPathOption plugins{*this};
  FormatOption format{*this};

  int run() const override {
    PluginHost host = plugins.open();
    return list(host, format);
  }
};

struct Describe : CommandLine {
  const std::string& name = argument(plugin_name(), "name of a plugin; `drawlab plugins list` shows them");
  PluginPathOption plugins{*this};

  int run() const override {
    PluginHost host = plugins.open();
    return describe(host, name);
  }
};

struct Check : CommandLine {
  const Path& library = argument(file(), "the path of a plugin's library, or a plugin's name");
  PluginPathOption plugins{*this};

  int run() const override { return check_plugin(library.string(), plugins.all_folders()); }
};

}  // namespace

Command plugins_command() {
  return {"plugins",
          "lists, describes and checks plugins",
          "Lists the plugins that are found, describes one with its options, or checks that one does what every plugin "
          "must do.",
          {command<List>("list", "lists the plugins that are found", "Lists the plugins that are found."),
           command<Describe>("describe", "describes a plugin and its options", "Describes a plugin and its options."),
           command<Check>("check", "checks that a plugin does what every plugin must do",
                          "Runs the conformance checks on a plugin, in a process of their own.")}};
}

}  // namespace drawlab::runner
