#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/machine.hpp"
#include "runner/recorded_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

Split split_of(const std::string& word) {
  std::vector<std::string> names;
  for (Split split : kSplits) {
    if (word == split_name(split)) return split;
    names.emplace_back(split_name(split));
  }
  require_word("split", word, names);
  return Split::test;
}

/// The samples that the run itself used of a split; 0: all.
std::int64_t limit_of(const TrainingOptions& training, Split split) {
  switch (split) {
    case Split::train:
      return training.limit_train;
    case Split::validation:
      return training.limit_validation;
    case Split::test:
      break;
  }
  return training.limit_test;
}

}  // namespace

int evaluate_command(const std::vector<std::string>& words) {
  Arguments arguments("evaluate RUN [options]",
                      "The bound of a run's checkpoint on a split, with the weights that were best on validation. On "
                      "the test split it\nequals what the run has recorded. In nats per image.");
  add_database_option(arguments);
  add_plugin_path_option(arguments);
  add_format_option(arguments);
  arguments.positional("RUN");
  arguments.add()("split", po::value<std::string>()->value_name("NAME")->default_value("test"),
                  "train, validation or test");
  arguments.add()("limit", po::value<std::int64_t>()->value_name("N"),
                  "the split's first N samples, 0 for all; by default as many as the run used");
  arguments.add()("threads", po::value<int>()->value_name("N"), "all cores by default");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const results::RunId id = run_number(required_word(*values, "RUN", "a run's number; `drawlab runs` lists them"));
  const Split split = split_of((*values)["split"].as<std::string>());
  const results::Format format = results::format_of((*values)["format"].as<std::string>());
  const int threads = values->count("threads") > 0 ? std::max(1, (*values)["threads"].as<int>()) : usable_cores();
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  PluginHost plugins(PluginHost::standard_folders(plugin_folders(*values)));
  const RecordedRun run = recorded_run(store, id, plugins);
  const std::int64_t limit =
      values->count("limit") > 0 ? (*values)["limit"].as<std::int64_t>() : limit_of(run.cell.training, split);
  if (limit < 0) throw ConfigError(fmt::format("--limit: {} is below 0", limit));
  const auto dataset = open_dataset(run, plugins);
  const TrainedModel model = load_model(run, dataset->info(), plugins, threads);
  const Evaluation found = model.evaluate(*dataset, split, limit);
  results::Table table{{"run", "split", "samples", "nll", "reconstruction", "kl"}, {}};
  std::vector<results::Cell> row = {id,        std::string(split_name(split)), found.samples,
                                    found.nll, found.reconstruction,           found.kl};
  if (run.cell.task == Task::classify) {
    table.columns = {"run", "split", "samples", "nll", "error"};
    row = {id, std::string(split_name(split)), found.samples, found.nll, found.error};
  }
  table.rows.push_back(std::move(row));
  std::cout << results::format_table(table, format);
  return 0;
}

}  // namespace drawlab::runner
