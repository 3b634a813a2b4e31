#include "runner/experiment/plan.hpp"

#include "drawlab/version.hpp"

#include "host/dataset_host.hpp"
#include "runner/data/meter.hpp"
#include "runner/experiment/dataset_choice.hpp"
#include "runner/experiment/experiment_file.hpp"
#include "runner/experiment/grid.hpp"
#include "runner/experiment/identity.hpp"
#include "runner/experiment/model_check.hpp"
#include "runner/experiment/repository.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <tuple>

namespace drawlab::runner {
namespace {

using Notice = std::function<void(const std::string&)>;

std::vector<Override> read_overrides(const PlanRequest& request, Diagnostics& diagnostics) {
  std::vector<Override> overrides;
  for (const auto& [key, value] : request.sets) {
    overrides.push_back({key, parse_value(value, "--set " + key, diagnostics)});
  }
  return overrides;
}

/// Plugins that are there but refused are a fault of the installation, not of the file that names them.
class RefusedPlugins {
 public:
  explicit RefusedPlugins(PluginHost& plugins) : plugins_(plugins) {}

  void look(const ConfigNode& cell) {
    for (const char* key : {"dataset", "read", "write"}) {
      const ConfigNode* node = cell.find(key);
      if (node == nullptr) continue;
      Diagnostics ignored;
      const std::string name = parse_plugin_choice(key, *node, ignored).name;
      const auto& names = plugins_.names();
      if (name.empty() || !seen_.insert(key + name).second) continue;
      if (std::find(names.begin(), names.end(), name) == names.end()) continue;
      try {
        if (std::string_view(key) == "dataset") {
          plugins_.dataset(name);
        } else {
          plugins_.read_write(name);
        }
      } catch (const PluginError& error) {
        refusals_.emplace_back(error.what());
      }
    }
  }

  /// Whether nothing but refusals is wrong.
  bool explain(const Diagnostics& diagnostics) const {
    const auto& errors = diagnostics.errors();
    return !errors.empty() && std::all_of(errors.begin(), errors.end(), [&](const std::string& error) {
      return std::any_of(refusals_.begin(), refusals_.end(),
                         [&](const std::string& refusal) { return error.find(refusal) != std::string::npos; });
    });
  }

 private:
  PluginHost& plugins_;
  std::set<std::string> seen_;
  std::vector<std::string> refusals_;
};

/// `draw.yaml:7:12: …` as draw.yaml, 7, 12; whole sentences without a line come first.
std::tuple<std::string, int, int> place_of(const std::string& sentence) {
  static const std::regex pattern("^(.*?):([0-9]+):([0-9]+): ");
  std::smatch found;
  if (!std::regex_search(sentence, found, pattern)) return {"", 0, 0};
  return {found[1], std::stoi(found[2]), std::stoi(found[3])};
}

/// Mistakes are found by kind; a reader goes through a file from its top.
void throw_problems(const Diagnostics& diagnostics, const RefusedPlugins& refused) {
  std::vector<std::string> errors = diagnostics.errors();
  if (errors.empty()) return;
  std::stable_sort(errors.begin(), errors.end(),
                   [](const std::string& one, const std::string& other) { return place_of(one) < place_of(other); });
  const std::string text = fmt::format("{}", fmt::join(errors, "\n"));
  if (refused.explain(diagnostics)) throw PluginError(text);
  throw ConfigError(text);
}

class Planner {
 public:
  Planner(const PlanRequest& request, PluginHost& plugins, const Notice& notice)
      : request_(request), plugins_(plugins), notice_(notice), chooser_(plugins, notice), refused_(plugins) {}

  Plan plan() {
    const std::vector<Override> overrides = read_overrides(request_, diagnostics_);
    for (const auto& file : request_.files) add_experiment(file, overrides);
    for (const std::string& warning : diagnostics_.warnings()) notice_("warning: " + warning);
    throw_problems(diagnostics_, refused_);
    if (request_.only) keep_only(*request_.only);
    find_data();
    Diagnostics misfits;
    for (const auto& experiment : plan_.experiments) {
      for (const PlannedCell& cell : experiment.cells) {
        if (!is_here(cell)) continue;
        check_model(cell.config, data_.at(data_key(cell)), plugins_, misfits);
      }
    }
    throw_problems(misfits, refused_);
    for (auto& experiment : plan_.experiments) describe(experiment);
    return std::move(plan_);
  }

 private:
  void add_experiment(const std::filesystem::path& path, const std::vector<Override>& overrides) {
    Diagnostics reading;
    ExperimentFile file = read_experiment_file(path, reading);
    take_over(reading);
    if (reading.has_errors() && file.tree.is_null()) return;
    Grid grid = expand_grid(file.tree, overrides, diagnostics_);
    PlannedExperiment experiment{grid.experiment, grid.description, path, std::move(file.text), {}};
    for (const auto& other : plan_.experiments) {
      if (other.name == experiment.name && !experiment.name.empty()) {
        diagnostics_.error({path.string(), 0, 0},
                           fmt::format("experiment: '{}' is the name of {} too", experiment.name, other.file.string()));
      }
    }
    std::set<std::int64_t> seeds;
    for (GridCell& cell : grid.cells) {
      chooser_.settle(cell.settings, diagnostics_);
      refused_.look(cell.settings);
      PlannedCell planned{cell.label, CellConfig::parse(cell.settings, plugins_, diagnostics_), {}, {}};
      check_precision(cell.settings, planned.config);
      check_sources(planned.config.dataset);
      planned.run.label = cell.label;
      planned.run.repeat = cell.repeat;
      seeds.insert(static_cast<std::int64_t>(planned.config.seed));
      experiment.cells.push_back(std::move(planned));
    }
    if (seeds.size() > 1) {
      for (PlannedCell& cell : experiment.cells) cell.title += fmt::format(" seed={}", cell.config.seed);
    }
    plan_.experiments.push_back(std::move(experiment));
  }

  /// Here and not where settings are read: what was trained elsewhere in bf16 may still be looked at.
  void check_precision(const ConfigNode& settings, const CellConfig& config) {
    if (!can_multiply(config.training)) {
      diagnostics_.error(settings.find("training")->find("precision")->where(),
                         "training.precision: bf16 needs a processor that multiplies bf16 by itself (AVX-512 BF16 or "
                         "AMX), and this is none; f32 works everywhere");
    }
  }

  /// The options of what a dataset is made of are the dataset's own business, but their mistakes are the file's.
  void check_sources(const PluginChoice& dataset) {
    const auto& names = plugins_.names();
    if (!std::binary_search(names.begin(), names.end(), dataset.name)) return;  // said already
    try {
      DatasetHost(plugins_, 0).files(dataset.name, dataset.options, diagnostics_);
    } catch (const Error& error) {
      diagnostics_.error({}, placed(error.what(), dataset));
    }
  }

  /// The sentence with the place of its dataset where it has none of its own.
  static std::string placed(const std::string& sentence, const PluginChoice& dataset) {
    const std::string place = dataset.where.text();
    const bool has_place = place.empty() || std::get<1>(place_of(sentence)) > 0;
    return has_place ? sentence : place + ": " + sentence;
  }

  void take_over(const Diagnostics& found) {
    for (const std::string& error : found.errors()) diagnostics_.error({}, error);
    for (const std::string& warning : found.warnings()) diagnostics_.warning({}, warning);
  }

  void keep_only(const std::string& text) {
    std::string known;
    bool any = false;
    for (auto& experiment : plan_.experiments) {
      std::erase_if(experiment.cells, [&](const PlannedCell& cell) {
        known += fmt::format("\n  {}", cell.title);
        return cell.title.find(text) == std::string::npos;
      });
      any = any || !experiment.cells.empty();
    }
    if (!any) throw NothingMatched(fmt::format("--only: no cell's name contains '{}'; there are:{}", text, known));
    std::erase_if(plan_.experiments, [](const PlannedExperiment& experiment) { return experiment.cells.empty(); });
  }

  static std::string data_key(const PlannedCell& cell) {
    return cell.config.dataset.name + ' ' + to_json(cell.config.dataset.options);
  }

  bool is_here(const PlannedCell& cell) const { return data_.contains(data_key(cell)); }

  /// Opens each dataset once, which checks it whole, and fetches what is missing where that is allowed.
  void find_data() {
    std::vector<std::string> problems;
    Diagnostics mistakes;
    std::set<std::string> looked;
    for (const auto& experiment : plan_.experiments) {
      for (const PlannedCell& cell : experiment.cells) {
        if (!looked.insert(data_key(cell)).second) continue;
        try {
          open_data(cell);
        } catch (const ConfigError& error) {
          mistakes.error({}, placed(error.what(), cell.config.dataset));
        } catch (const DataError& error) {
          problems.emplace_back(error.what());
        }
      }
    }
    throw_problems(mistakes, refused_);
    if (!problems.empty()) throw DataError(fmt::format("{}", fmt::join(problems, "\n")));
  }

  void open_data(const PlannedCell& cell) {
    const auto& [name, options, where] = cell.config.dataset;
    if (!request_.offline) {
      const auto missing = missing_files(plugins_, name, options);
      if (!missing.empty() && request_.dry_run) {
        notice_(fmt::format("dataset: {} is not on this machine ({}); a run would fetch it", name,
                            fmt::join(missing, ", ")));
        return;
      }
      if (!missing.empty()) fetch_missing(plugins_, name, options, notice_);
    }
    Diagnostics diagnostics;
    const auto dataset = DatasetHost(plugins_, cell.config.seed, opening_meter()).open(name, options, diagnostics);
    diagnostics.throw_if_errors();
    const DatasetInfo& info = dataset->info();
    notice_(fmt::format("dataset: {}, {} + {} + {} images: {}", info.name, info.count(Split::train),
                        info.count(Split::validation), info.count(Split::test), info.provenance));
    data_[data_key(cell)] = info;
  }

  void describe(PlannedExperiment& experiment) {
    const RepositoryState repository = repository_state(experiment.file.parent_path());
    for (PlannedCell& cell : experiment.cells) {
      results::NewRun& run = cell.run;
      const CellConfig& config = cell.config;
      run.experiment = experiment.name;
      run.config = to_json(config.resolved(plugins_));
      run.task = config.task == Task::generate ? "generate" : "classify";
      run.dataset = config.dataset.name;
      run.read = config.read.name;
      run.write = config.write.name;
      run.seed = config.seed;
      run.git_commit = repository.commit;
      run.git_dirty = repository.dirty;
      run.version = kVersion;
      if (!is_here(cell)) continue;
      const DatasetInfo& data = data_.at(data_key(cell));
      cell.data = data;
      run.identity = cell_identity(config, data, plugins_);
      add_plugin(run, "dataset", plugins_.dataset(config.dataset.name).record);
      add_plugin(run, "read_write", plugins_.read_write(config.read.name).record);
      if (config.task == Task::generate && config.write.name != config.read.name) {
        add_plugin(run, "read_write", plugins_.read_write(config.write.name).record);
      }
      run.data = {data.name, data.checksum, data.provenance, {}};
      for (const DatasetSource& source : data.sources) run.data.sources.emplace_back(source.name, source.checksum);
    }
  }

  static void add_plugin(results::NewRun& run, const char* kind, const PluginRecord& record) {
    run.plugins.push_back({kind, record.name, record.version, record.sha256, record.library.string()});
  }

  const PlanRequest& request_;
  PluginHost& plugins_;
  const Notice& notice_;
  Diagnostics diagnostics_;
  DatasetChooser chooser_;
  RefusedPlugins refused_;
  std::map<std::string, DatasetInfo> data_;
  Plan plan_;
};

}  // namespace

std::size_t Plan::cell_count() const {
  std::size_t count = 0;
  for (const PlannedExperiment& experiment : experiments) count += experiment.cells.size();
  return count;
}

Plan make_plan(const PlanRequest& request, PluginHost& plugins, const Notice& notice) {
  Plan plan = Planner(request, plugins, notice).plan();
  for (const std::string& warning : plugins.warnings()) notice("warning: " + warning);
  return plan;
}

}  // namespace drawlab::runner
