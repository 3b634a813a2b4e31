#include "drawlab/error.hpp"
#include "drawlab/version.hpp"

#include "host/dataset_host.hpp"
#include "results/format.hpp"
#include "runner/commands/bench_models.hpp"
#include "runner/commands/columns.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/run_plan.hpp"
#include "runner/commands/shared_options.hpp"
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
#include <memory>
#include <set>

namespace drawlab::runner {
namespace {

constexpr double kGiga = 1e9;
constexpr double kMebibyte = 1024.0 * 1024.0;

/// What is measured side by side: one number of threads in one precision.
struct Contestant {
  std::string precision;
  std::unique_ptr<SpeedProbe> probe;
  std::vector<double> limits;  // GFLOP/s, by round
  std::vector<double> rates;   // samples/s
  std::vector<double> shares;  // of the round's limit
  StepTimes times;             // of all rounds
};

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const BenchModel& known : bench_models()) names.emplace_back(known.name);
  return names;
}

struct Bench : CommandLine {
  const std::string& model = option("model", one_of(model_names(), "NAME"), "model to measure", "paper-mnist");
  const std::string& read = option("read", text("MODE"), "read mode: a name, or {name: {option: value}}");
  const std::string& write = option("write", text("MODE"), "write mode, like --read");
  const std::vector<int>& threads =
      option("threads", list(integer<int>(1, 4096)), "numbers of threads; 1 and all cores if not given");
  const std::vector<std::string>& precisions =
      option("precision", list(one_of({"f32", "bf16"}, "P")), "precisions to measure", "f32");
  const int& rounds = option("rounds", integer<int>(1, 1000), "number of rounds; results are their medians", "7");
  const double& seconds = option("seconds", real(0.001, 600, "S"), "seconds of training steps per round", "1");
  const std::vector<Setting>& sets =
      options("set", setting(), "another setting of the model, such as training.shard=64");
  const bool& composed = flag("composed", "compute custom operations in their composed form");
  const bool& json = flag("json", "print JSON");
  PluginPathOption plugins{*this};

  int run() const override;

 private:
  CellConfig cell_of(const std::string& precision, PluginHost& host, const Notice& notice) const;
  std::vector<Contestant> contestants(const Dataset& dataset, PluginHost& host, const Notice& notice) const;
};

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

double operations_per_sample(const Contestant& each) {
  return each.times.operations / static_cast<double>(each.times.samples);
}

results::Table summary(const std::vector<Contestant>& contestants) {
  return table_of<Contestant>(
      contestants,
      {{"precision", &Contestant::precision},
       {"threads", [](const Contestant& each) { return each.probe->threads(); }},
       {"samples_per_second", [](const Contestant& each) { return median(each.rates); }},
       {"gflops", [](const Contestant& each) { return median(each.rates) * operations_per_sample(each) / kGiga; }},
       {"limit_gflops", [](const Contestant& each) { return median(each.limits); }},
       {"share_of_limit", [](const Contestant& each) { return median(each.shares); }},
       {"step_ms",
        [](const Contestant& each) { return 1e3 * each.times.seconds / static_cast<double>(each.times.steps); }},
       {"mflop_per_sample", [](const Contestant& each) { return operations_per_sample(each) / 1e6; }},
       {"tape_mib", [](const Contestant& each) { return static_cast<double>(each.probe->tape_bytes()) / kMebibyte; }}});
}

/// The shares of the threads' time by part; a column sums to 1. A separate thread fetches the images.
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
void print_json(const Bench& options, const CellConfig& cell, PluginHost& plugins,
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

void print_tables(const Bench& options, const std::vector<Contestant>& contestants) {
  std::cout << fmt::format("{} on {} ({}, {} cores), medians of {} interleaved rounds\n\n", options.model,
                           processor_name(), instruction_set(), usable_cores(), options.rounds)
            << results::format_table(summary(contestants), results::Format::table)
            << "\nWhere the threads' time goes, as a share of it\n\n"
            << results::format_table(part_shares(contestants), results::Format::table)
            << fmt::format("\npeak memory of this process: {}\n", size_text(peak_memory()));
}

/// The single cell of the model's preset, with the settings of the command line.
CellConfig Bench::cell_of(const std::string& precision, PluginHost& host, const Notice& notice) const {
  Diagnostics diagnostics;
  const auto preset = std::ranges::find(bench_models(), model, &BenchModel::name);
  ConfigNode tree = ConfigNode::map();
  tree.set("experiment", ConfigNode::text("bench"));
  tree.set("base", parse_yaml(std::string(preset->yaml), model, diagnostics));
  std::vector<Setting> settings;
  if (!read.empty()) settings.emplace_back("read", read);
  if (!write.empty()) settings.emplace_back("write", write);
  settings.insert(settings.end(), sets.begin(), sets.end());
  std::vector<Override> overrides;
  for (const auto& [key, value] : settings) {
    overrides.push_back({key, parse_value(value, "--set " + key, diagnostics)});
  }
  overrides.push_back({"training.precision", ConfigNode::text(precision)});
  Grid grid = expand_grid(tree, overrides, diagnostics);
  diagnostics.throw_if_errors();
  DatasetChooser(host, notice).settle(grid.cells.front().settings, diagnostics);
  CellConfig cell = CellConfig::parse(grid.cells.front().settings, host, diagnostics);
  diagnostics.throw_if_errors();
  return cell;
}

std::vector<Contestant> Bench::contestants(const Dataset& dataset, PluginHost& host, const Notice& notice) const {
  std::vector<int> counts = threads;
  if (counts.empty()) counts = usable_cores() > 1 ? std::vector{1, usable_cores()} : std::vector{1};
  std::vector<Contestant> found;
  for (const std::string& precision : precisions) {
    const CellConfig config = cell_of(precision, host, notice);
    for (const int count : counts) {
      found.push_back(
          {precision, std::make_unique<SpeedProbe>(config, dataset, host, count, composed), {}, {}, {}, {}});
    }
  }
  return found;
}

int Bench::run() const {
  PluginHost host = plugins.open();
  std::set<std::string> said;
  const Notice notice = [&](const std::string& text) {
    if (said.insert(text).second) std::cerr << text << std::endl;
  };
  const CellConfig cell = cell_of(precisions.front(), host, notice);
  Diagnostics diagnostics;
  const auto dataset = DatasetHost(host, cell.seed).open(cell.dataset.name, cell.dataset.options);
  check_model(cell, dataset->info(), host, diagnostics);
  diagnostics.throw_if_errors();
  std::vector<Contestant> measured = contestants(*dataset, host, notice);
  for (int round = 0; round < rounds; ++round) {
    for (Contestant& each : measured) measure_round(each, seconds);
  }
  if (json) {
    print_json(*this, cell, host, measured);
  } else {
    print_tables(*this, measured);
  }
  return 0;
}

}  // namespace

Command bench_command() {
  return command<Bench>(
      "bench", "measures the speed of training beside this machine's limit",
      "Measures the speed of whole training steps beside this machine's limit: the rate at which each thread repeats "
      "one packed product of the model's LSTM. Everything is measured in turn, round after round, in one process.");
}

}  // namespace drawlab::runner
