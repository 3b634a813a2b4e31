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
#include "training/precision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

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

class Planner {
 public:
  Planner(const PlanRequest& request, PluginHost& plugins, const Notice& notice)
      : request_(request), plugins_(plugins), notice_(notice), chooser_(plugins, notice) {}

  Plan plan() {
    const std::vector<Override> overrides = read_overrides(request_, diagnostics_);
    for (const auto& file : request_.files) add_experiment(file, overrides);
    for (const Diagnostic& warning : diagnostics_.warnings()) notice_("warning: " + warning.text());
    throw_if_errors(diagnostics_);
    if (request_.only) keep_only(*request_.only);
    find_data();
    Diagnostics misfits;
    for (const auto& experiment : plan_.experiments) {
      for (const PlannedCell& cell : experiment.cells) {
        if (!is_here(cell)) continue;
        check_model(cell.config, data_.at(data_key(cell)), plugins_, misfits);
      }
    }
    throw_if_errors(misfits);
    for (auto& experiment : plan_.experiments) describe(experiment);
    return std::move(plan_);
  }

 private:
  /// Mistakes are found by kind; a reader goes through a file from its top.
  static void throw_if_errors(Diagnostics& diagnostics) {
    diagnostics.sort_by_location();
    diagnostics.throw_if_errors();
  }

  void add_experiment(const std::filesystem::path& path, const std::vector<Override>& overrides) {
    Diagnostics reading;
    ExperimentFile file = read_experiment_file(path, reading);
    diagnostics_.merge(reading);
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

  /// The datasets that this one is made of: mistakes in their options are mistakes in the file.
  void check_sources(const PluginChoice& dataset) {
    if (dataset.name.empty()) return;  // reported already
    Diagnostics found;
    try {
      DatasetHost(plugins_, 0).files(dataset.name, dataset.options);
    } catch (const ConfigError& error) {
      found.merge(error);
    } catch (const PluginError& error) {
      found.error({}, error.what(), cause_of(error));
    }
    diagnostics_.merge(found, dataset.where);
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
    Diagnostics problems;
    std::set<std::string> looked;
    for (const auto& experiment : plan_.experiments) {
      for (const PlannedCell& cell : experiment.cells) {
        if (!looked.insert(data_key(cell)).second) continue;
        try {
          open_data(cell);
        } catch (const ConfigError& error) {
          problems.merge(error, cell.config.dataset.where);
        } catch (const DataError& error) {
          problems.error({}, error.what(), Cause::data);
        }
      }
    }
    throw_if_errors(problems);
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
    const auto dataset = DatasetHost(plugins_, cell.config.seed, opening_meter()).open(name, options);
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
      run.task = config.task;
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
