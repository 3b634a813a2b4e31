#include "results/publish.hpp"

#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/picture_files.hpp"
#include "runner/commands/shared_options.hpp"
#include "runner/exit_code.hpp"
#include "runner/worker/checkpoint_slot.hpp"
#include "system/write_file.hpp"
#include "training/weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace drawlab::runner {
namespace fs = std::filesystem;
namespace {

/// The folder of a published database's weights, beside it: reference/ for reference.sqlite.
fs::path weights_folder(const fs::path& target) {
  fs::path folder = fs::absolute(target);
  // Without an ending to drop, the folder would have the database's own name.
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
  // The identity, not the run's number: another database may give that number to another run.
  constexpr std::size_t kDigits = 8;
  const fs::path file =
      folder / fmt::format("{}-{}.safetensors", file_name_of(run.experiment), run.identity.substr(0, kDigits));
  return {file, extract_weights(checkpoint, file)};
}

struct Publish : CommandLine {
  const fs::path& target = argument(file(), "database to write, such as results/reference.sqlite");
  const std::vector<std::string>& experiments = arguments(experiment_name(), "experiments to publish", Need::optional);
  DatabaseOption database{*this};
  const std::vector<results::RunId>& runs = options("run", run_number(), "publish this run");
  const bool& weights = flag("weights",
                             "also write the weights that were best on validation, into a folder beside FILE with its "
                             "name without the ending");
  const bool& stopped = flag("stopped", "also publish runs that were stopped, with what they had recorded");

  int run() const override;

 private:
  std::vector<results::RunRow> chosen_runs(const results::Store& store) const;
};

/// The finished runs asked for, and with --stopped also stopped ones; the latest of several attempts at a cell.
std::vector<results::RunRow> Publish::chosen_runs(const results::Store& store) const {
  for (const std::string& experiment : experiments) require_experiment(store, experiment);
  std::vector<results::RunRow> chosen = store.runs();
  std::erase_if(chosen, [&](const results::RunRow& run) {
    const bool named = std::ranges::find(experiments, run.experiment) != experiments.end() ||
                       std::ranges::find(runs, run.id) != runs.end();
    const bool ended = run.status == results::Status::done || (stopped && run.status == results::Status::stopped);
    return !named || !ended;
  });
  std::erase_if(chosen, [&](const results::RunRow& run) {
    return std::ranges::any_of(chosen, [&](const results::RunRow& other) {
      return other.experiment == run.experiment && other.config == run.config && other.id > run.id;
    });
  });
  return chosen;
}

int Publish::run() const {
  if (experiments.empty() && runs.empty()) throw ConfigError("publish: name an experiment, or a run with --run");
  const results::Store store = database.open_to_write();
  const auto chosen = chosen_runs(store);
  if (chosen.empty()) {
    std::cerr << fmt::format("none of these runs is done; `drawlab runs --db {}` lists them\n", store.path().string());
    return kNothingMatched;
  }
  std::vector<results::PublishedRun> published;
  for (const results::RunRow& run : chosen) {
    published.push_back({run.id, std::nullopt});
    if (weights) published.back().weights = write_weights(store, run, target);
  }
  const auto numbers = results::publish(store.path(), target, published);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::string name = results::terminal_text(fmt::format("{} {}", chosen[i].experiment, chosen[i].label));
    std::cout << fmt::format("{}: run {} in {}\n", name, numbers[i], target.string());
  }
  return kDone;
}

}  // namespace

Command publish_command() {
  return command<Publish>(
      "publish", "copies finished runs into a database to give away",
      "Copies finished runs into a database to give away: one file that opens read-only anywhere. It holds everything "
      "recorded except checkpoints and the names of machines and folders. Runs that the file already has are "
      "replaced.\n\nExit code 3: none of the runs is done.");
}

}  // namespace drawlab::runner
