#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "host/dataset_host.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/dataset_files.hpp"
#include "runner/commands/shared_options.hpp"
#include "runner/data/meter.hpp"
#include "runner/data/preview.hpp"
#include "runner/exit_code.hpp"
#include "runner/experiment/experiment_file.hpp"
#include "system/stop_signals.hpp"

#include <iostream>

namespace drawlab::runner {
namespace {

/// The settings as a map.
ConfigNode options_map(const std::vector<Setting>& settings) {
  ConfigNode map = ConfigNode::map({"--option", 0, 0});
  Diagnostics diagnostics;
  for (const auto& [key, value] : settings) {
    const SourceLocation where = {"--option " + key, 0, 0};
    if (map.find(key) != nullptr) throw ConfigError(where.file + ": given twice");
    map.set(key, parse_value(value, where.file, diagnostics), where);
  }
  diagnostics.throw_if_errors();
  return map;
}

/// --option and --plugin-path
struct DatasetOptions {
  const std::vector<Setting>& settings;
  PluginPathOption plugins;
  explicit DatasetOptions(CommandLine& line)
      : settings(line.options("option", setting(), "option of the dataset, such as binarization=none")),
        plugins(line) {}
};

/// Does `work` on the datasets of those names.
template <class Work>
int run_on(const std::vector<std::string>& names, const DatasetOptions& options, const Work& work) {
  PluginHost plugins = options.plugins.open();
  const StopSignals signals;
  try {
    return work(plugins, DatasetSelection{names, options_map(options.settings)}, std::cout, std::cerr);
  } catch (const SystemError& error) {
    // Ctrl-C also ends the program that reads a dataset's files.
    if (StopSignals::first() == 0) throw;
    std::cerr << error.what() << "\n";
    return exit_code_of(StopSignals::first());
  }
}

struct List : CommandLine {
  const std::vector<std::string>& names =
      arguments(plugin_name(), "datasets to list; all if not given", Need::optional);
  DatasetOptions options{*this};
  int run() const override { return run_on(names, options, list_datasets); }
};

struct Fetch : CommandLine {
  const std::vector<std::string>& names =
      arguments(plugin_name(), "datasets to download; `drawlab data list` shows them");
  DatasetOptions options{*this};
  int run() const override { return run_on(names, options, fetch_datasets); }
};

struct Verify : CommandLine {
  const std::vector<std::string>& names =
      arguments(plugin_name(), "datasets to verify; all if not given", Need::optional);
  DatasetOptions options{*this};
  int run() const override { return run_on(names, options, verify_datasets); }
};

struct Preview : CommandLine {
  const std::string& name = argument(plugin_name(), "dataset to show; `drawlab data list` shows them");
  const Path& output = output_option(*this, "PNG file to write");
  const Split& split = option("split", split_word(), "split to show", "train");
  const std::int64_t& count =
      option("count", integer(1, 10'000), "number of images, from the first of the split on", "64");
  DatasetOptions options{*this};

  int run() const override {
    return run_on({name}, options, [this](auto& plugins, const auto& chosen, std::ostream& out, std::ostream&) {
      const auto dataset = DatasetHost(plugins, 1, opening_meter()).open(name, chosen.options);
      preview_dataset(*dataset, {split, count, output}, out);
      return kDone;
    });
  }
};

}  // namespace

Command data_command() {
  return {"data",
          "lists, downloads, verifies and shows datasets",
          "Shows where the files of datasets are, downloads them, verifies them and shows their images.",
          {command<List>("list", "lists datasets and their files", "Lists datasets, their files and where they are."),
           command<Fetch>("fetch", "downloads datasets",
                          "Downloads the files of datasets that are missing, and prints their paths."),
           command<Verify>("verify", "checks that datasets are whole",
                           "Reads every file of the datasets that are here and compares checksums.\n\nExit code 5: a "
                           "dataset is damaged, or a named one is missing."),
           command<Preview>("preview", "writes a split's first images as a PNG file",
                            "Writes the first images of a split as a grid into a PNG file, and prints their sizes, "
                            "values and labels.")}};
}

}  // namespace drawlab::runner
