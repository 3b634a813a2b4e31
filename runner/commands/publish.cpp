#include "results/publish.hpp"

#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/exit_code.hpp"
#include "runner/worker/checkpoint_slot.hpp"
#include "system/write_file.hpp"
#include "training/weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace fs = std::filesystem;
namespace {

/// The finished runs asked for, and on request those that were stopped; of several attempts at a cell, by whatever
/// build, the latest.
std::vector<results::RunRow> runs_to_publish(const results::Store& store, const std::vector<std::string>& experiments,
                                             const std::vector<std::int64_t>& ids, bool stopped_too) {
  for (const std::string& experiment : experiments) require_experiment(store, experiment);
  std::vector<results::RunRow> runs = store.runs();
  std::erase_if(runs, [&](const results::RunRow& run) {
    const bool named = std::find(experiments.begin(), experiments.end(), run.experiment) != experiments.end() ||
                       std::find(ids.begin(), ids.end(), run.id) != ids.end();
    const bool ended = run.status == results::Status::done || (stopped_too && run.status == results::Status::stopped);
    return !named || !ended;
  });
  std::erase_if(runs, [&](const results::RunRow& run) {
    return std::any_of(runs.begin(), runs.end(), [&](const results::RunRow& other) {
      return other.experiment == run.experiment && other.config == run.config && other.id > run.id;
    });
  });
  return runs;
}

/// The folder of a published database's weights, beside it: reference/ for reference.sqlite.
fs::path weights_folder(const fs::path& target) {
  fs::path folder = fs::absolute(target);
  // Without an ending to leave off, the folder would have the database's own name.
  if (folder.has_extension()) return folder.replace_extension();
  return folder += "-weights";
}

/// Writes a run's weights into their folder.
results::PublishedWeights write_weights(const results::Store& store, const results::RunRow& run,
                                        const fs::path& target) {
  const fs::path checkpoint = checkpoint_path(store, run);
  if (checkpoint.empty() || !fs::exists(checkpoint)) {
    throw DataError(fmt::format("run {} has no checkpoint to take weights from{}", run.id,
                                checkpoint.empty() ? "" : ": " + checkpoint.string() + " is lost"));
  }
  const fs::path folder = weights_folder(target);
  make_folder(folder);
  // The identity, and not a number: a number may belong to another run of another database.
  constexpr std::size_t kDigits = 8;
  const fs::path file =
      folder / fmt::format("{}-{}.safetensors", file_name_of(run.experiment), run.identity.substr(0, kDigits));
  return {file, extract_weights(checkpoint, file)};
}

}  // namespace

int publish_command(const std::vector<std::string>& words) {
  Arguments arguments("publish FILE [EXPERIMENT…] [options]",
                      "Copies finished runs into a database to give away: one file that opens read-only anywhere, with "
                      "everything recorded\nof them but checkpoints and the names of machines and folders. Runs that "
                      "the file has already are replaced.\n\nExit code 3 where none of the runs is done.");
  add_database_option(arguments);
  arguments.positional("FILE");
  arguments.positional("EXPERIMENT", true);
  arguments.add()("run", po::value<std::vector<std::int64_t>>()->value_name("N"),
                  "this run; may be given several times");
  arguments.add()(
      "weights",
      "also write the weights that were best on validation, into the folder beside FILE that has its name without the "
      "ending");
  arguments.add()("stopped",
                  "also runs that were stopped, with what they recorded until then: what was tried and given up");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return kDone;
  const fs::path target = required_word(*values, "FILE", "the database to make, such as results/reference.sqlite");
  std::vector<std::int64_t> ids;
  if (values->count("run") > 0) ids = (*values)["run"].as<std::vector<std::int64_t>>();
  const auto experiments = words_of(*values, "EXPERIMENT");
  if (experiments.empty() && ids.empty()) throw ConfigError("publish: name an experiment, or a run with --run");
  require_database(database_path(*values));
  const results::Store store(database_path(*values));
  const auto runs = runs_to_publish(store, experiments, ids, values->count("stopped") > 0);
  if (runs.empty()) {
    std::cerr << fmt::format("none of these runs is done; `drawlab runs --db {}` lists them\n", store.path().string());
    return kNothingMatched;
  }
  std::vector<results::PublishedRun> published;
  for (const results::RunRow& run : runs) {
    published.push_back({run.id, std::nullopt});
    if (values->count("weights") > 0) published.back().weights = write_weights(store, run, target);
  }
  const auto numbers = results::publish(store.path(), target, published);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string name = results::terminal_text(fmt::format("{} {}", runs[i].experiment, runs[i].label));
    std::cout << fmt::format("{}: run {} in {}\n", name, numbers[i], target.string());
  }
  return kDone;
}

}  // namespace drawlab::runner
