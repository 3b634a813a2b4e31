#include "drawlab/error.hpp"
#include "drawlab/version.hpp"

#include "host/dataset_host.hpp"
#include "results/format.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/bench_models.hpp"
#include "runner/commands/commands.hpp"
#include "runner/experiment/dataset_choice.hpp"
#include "runner/experiment/experiment_file.hpp"
#include "runner/experiment/grid.hpp"
#include "runner/experiment/model_check.hpp"
#include "system/machine.hpp"
#include "system/text.hpp"
#include "training/speed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <set>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

constexpr double kGiga = 1e9;
constexpr double kMebibyte = 1024.0 * 1024.0;

struct BenchOptions {
  std::string model;
  std::vector<std::pair<std::string, std::string>> sets;  // --set, --read and --write
  std::vector<int> threads;
  std::vector<std::string> precisions;
  int rounds = 7;
  double seconds = 1;
  bool composed = false;
  bool json = false;
};

/// What is measured side by side: one number of threads in one precision.
struct Contestant {
  std::string precision;
  std::unique_ptr<SpeedProbe> probe;
  std::vector<double> limits;  // GFLOP/s, by round
  std::vector<double> rates;   // samples/s
  std::vector<double> shares;  // of the round's limit
  StepTimes times;             // of all rounds
};

std::vector<std::string> list_of(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t comma = std::min(text.find(',', start), text.size());
    words.push_back(text.substr(start, comma - start));
    start = comma + 1;
  }
  return words;
}

std::vector<int> thread_counts(const po::variables_map& values) {
  if (values.count("threads") == 0) {
    return usable_cores() > 1 ? std::vector{1, usable_cores()} : std::vector{1};
  }
  std::vector<int> counts;
  for (const std::string& word : list_of(values["threads"].as<std::string>())) {
    int count = 0;
    try {
      count = std::stoi(word);
    } catch (const std::exception&) {
      count = 0;
    }
    if (count < 1 || count > 4096) throw ConfigError(fmt::format("--threads: '{}' is no number from 1 to 4096", word));
    counts.push_back(count);
  }
  return counts;
}

BenchOptions options_of(const po::variables_map& values) {
  BenchOptions options;
  options.model = values["model"].as<std::string>();
  std::vector<std::string> known;
  for (const BenchModel& model : bench_models()) known.emplace_back(model.name);
  require_word("model", options.model, known);
  for (const char* key : {"read", "write"}) {
    if (values.count(key) > 0) options.sets.emplace_back(key, values[key].as<std::string>());
  }
  for (const std::string& word : words_of(values, "set")) options.sets.push_back(setting_of(word));
  options.threads = thread_counts(values);
  options.precisions = list_of(values["precision"].as<std::string>());
  for (const std::string& word : options.precisions) require_word("precision", word, {"f32", "bf16"});
  options.rounds = values["rounds"].as<int>();
  options.seconds = values["seconds"].as<double>();
  if (options.rounds < 1 || options.rounds > 1000) {
    throw ConfigError(fmt::format("--rounds: {} is outside 1..1000", options.rounds));
  }
  if (!(options.seconds > 0 && options.seconds <= 600)) {
    throw ConfigError(fmt::format("--seconds: {} is outside 0..600", options.seconds));
  }
  options.composed = values.count("composed") > 0;
  options.json = values.count("json") > 0;
  return options;
}

/// The one cell of a model's preset with what the command line sets.
CellConfig cell_of(const BenchOptions& options, const std::string& precision, PluginHost& plugins,
                   const std::function<void(const std::string&)>& notice) {
  Diagnostics diagnostics;
  const auto model = std::ranges::find(bench_models(), options.model, &BenchModel::name);
  ConfigNode tree = ConfigNode::map();
  tree.set("experiment", ConfigNode::text("bench"));
  tree.set("base", parse_yaml(std::string(model->yaml), options.model, diagnostics));
  std::vector<Override> overrides;
  for (const auto& [key, value] : options.sets)
    overrides.push_back({key, parse_value(value, "--set " + key, diagnostics)});
  overrides.push_back({"training.precision", ConfigNode::text(precision)});
  Grid grid = expand_grid(tree, overrides, diagnostics);
  diagnostics.throw_if_errors();
  DatasetChooser(plugins, notice).settle(grid.cells.front().settings, diagnostics);
  CellConfig cell = CellConfig::parse(grid.cells.front().settings, plugins, diagnostics);
  diagnostics.throw_if_errors();
  return cell;
}

double median(std::vector<double> numbers) {
  std::ranges::sort(numbers);
  const std::size_t middle = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
}

void measure_round(Contestant& contestant, double seconds) {
  // The limit before and after, since the clock of a busy machine drifts.
  const double before = contestant.probe->product_limit(seconds / 4);
  const StepTimes steps = contestant.probe->measure(seconds);
  const double limit = (before + contestant.probe->product_limit(seconds / 4)) / 2;
  contestant.limits.push_back(limit);
  contestant.rates.push_back(static_cast<double>(steps.samples) / steps.seconds);
  contestant.shares.push_back(steps.operations / steps.seconds / kGiga / limit);
  contestant.times.add(steps);
}

results::Table summary(const std::vector<Contestant>& contestants) {
  results::Table table{{"precision", "threads", "samples_per_second", "gflops", "limit_gflops", "share_of_limit",
                        "step_ms", "mflop_per_sample", "tape_mib"},
                       {}};
  for (const Contestant& each : contestants) {
    const double per_sample = each.times.operations / static_cast<double>(each.times.samples);
    const double rate = median(each.rates);
    table.rows.push_back({each.precision, std::int64_t{each.probe->threads()}, rate, rate * per_sample / kGiga,
                          median(each.limits), median(each.shares),
                          1e3 * each.times.seconds / static_cast<double>(each.times.steps), per_sample / 1e6,
                          static_cast<double>(each.probe->tape_bytes()) / kMebibyte});
  }
  return table;
}

/// The threads' time by part, as shares of it, so that a column sums to 1. Images are fetched by a thread of their own.
results::Table part_shares(const std::vector<Contestant>& contestants) {
  results::Table table{{"part"}, {}};
  for (const Contestant& each : contestants) {
    table.columns.push_back(fmt::format("{}_{}", each.precision, each.probe->threads()));
  }
  const auto add_row = [&](const std::string& name, const auto& seconds_of) {
    std::vector<results::Cell> row = {name};
    for (const Contestant& each : contestants) {
      row.emplace_back(seconds_of(each) / (each.times.seconds * each.probe->threads()));
    }
    table.rows.push_back(std::move(row));
  };
  for (std::size_t part = 0; part < kPartNames.size(); ++part) {
    add_row(kPartNames[part], [part](const Contestant& each) { return each.times.parts[part]; });
  }
  add_row("waiting for images", [](const Contestant& each) { return each.times.starved * each.probe->threads(); });
  add_row("waiting for other threads", [](const Contestant& each) {
    double busy = each.times.starved * each.probe->threads();
    for (const double seconds : each.times.parts) busy += seconds;
    return std::max(0.0, each.times.seconds * each.probe->threads() - busy);
  });
  add_row("(fetching images, beside)", [](const Contestant& each) { return each.times.fetching; });
  return table;
}

/// `{"machine": …, "results": […], "parts": […]}`.
void print_json(const BenchOptions& options, const CellConfig& cell, PluginHost& plugins,
                const std::vector<Contestant>& contestants) {
  const auto text = [](const std::string& word) { return to_json(ConfigNode::text(word)); };
  std::cout << "{\"version\": " << text(kVersion) << ", \"model\": " << text(options.model)
            << ", \"processor\": " << text(processor_name()) << ", \"instruction_set\": " << text(instruction_set())
            << ", \"cores\": " << usable_cores() << ", \"rounds\": " << options.rounds
            << ", \"peak_memory_mib\": " << static_cast<double>(peak_memory()) / kMebibyte
            << ",\n\"config\": " << to_json(cell.resolved(plugins))
            << ",\n\"results\": " << results::format_table(summary(contestants), results::Format::json)
            << ", \"parts\": " << results::format_table(part_shares(contestants), results::Format::json) << "}\n";
}

void print_tables(const BenchOptions& options, const std::vector<Contestant>& contestants) {
  std::cout << fmt::format("{} on {} ({}, {} cores), medians of {} interleaved rounds\n\n", options.model,
                           processor_name(), instruction_set(), usable_cores(), options.rounds)
            << results::format_table(summary(contestants), results::Format::table)
            << "\nWhere the threads' time goes, as a share of it\n\n"
            << results::format_table(part_shares(contestants), results::Format::table)
            << fmt::format("\npeak memory of this process: {}\n", size_text(peak_memory()));
}

}  // namespace

int bench_command(const std::vector<std::string>& words) {
  Arguments arguments("bench [options]",
                      "The speed of whole training steps beside this machine's limit: the rate at which each thread "
                      "repeats one packed\nproduct of the model's LSTM. Everything is measured in turn, round after "
                      "round, in one process.");
  arguments.add()("model", po::value<std::string>()->value_name("NAME")->default_value("paper-mnist"),
                  "paper-mnist, paper-mnist-global, cluttered, svhn or cifar10");
  arguments.add()("read", po::value<std::string>()->value_name("MODE"),
                  "another read mode: a name, or {name: {option: value}}");
  arguments.add()("write", po::value<std::string>()->value_name("MODE"), "another write mode, likewise");
  arguments.add()("threads", po::value<std::string>()->value_name("N,…"),
                  "numbers of threads; by default 1 and all cores");
  arguments.add()("precision", po::value<std::string>()->value_name("P,…")->default_value("f32"), "f32, bf16 or both");
  arguments.add()("rounds", po::value<int>()->value_name("N")->default_value(7), "rounds whose medians count");
  arguments.add()("seconds", po::value<double>()->value_name("S")->default_value(1), "of training steps in each round");
  arguments.add()("set", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                  "another setting of the model, such as training.shard=64");
  arguments.add()("composed", "compute custom operations in their composed form");
  arguments.add()("json", "print JSON");
  add_plugin_path_option(arguments);
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const BenchOptions options = options_of(*values);
  PluginHost plugins(PluginHost::standard_folders(plugin_folders(*values)));
  std::set<std::string> said;
  const auto notice = [&](const std::string& text) {
    if (said.insert(text).second) std::cerr << text << std::endl;
  };

  const CellConfig cell = cell_of(options, options.precisions.front(), plugins, notice);
  Diagnostics diagnostics;
  const auto dataset = DatasetHost(plugins, cell.seed).open(cell.dataset.name, cell.dataset.options);
  check_model(cell, dataset->info(), plugins, diagnostics);
  diagnostics.throw_if_errors();
  std::vector<Contestant> contestants;
  for (const std::string& precision : options.precisions) {
    const CellConfig config = cell_of(options, precision, plugins, notice);
    for (const int threads : options.threads) {
      contestants.push_back({precision,
                             std::make_unique<SpeedProbe>(config, *dataset, plugins, threads, options.composed),
                             {},
                             {},
                             {},
                             {}});
    }
  }
  for (int round = 0; round < options.rounds; ++round) {
    for (Contestant& each : contestants) measure_round(each, options.seconds);
  }
  if (options.json) {
    print_json(options, cell, plugins, contestants);
  } else {
    print_tables(options, contestants);
  }
  return 0;
}

}  // namespace drawlab::runner
