#include "drawlab/config.hpp"

#include "results/number_text.hpp"
#include "results/reports/sections.hpp"
#include "results/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace drawlab::results {

namespace mustache = kainjow::mustache;

namespace {

constexpr int kDecimals = 2;
constexpr int kCrossEntropyDecimals = 4;
constexpr int kPerDimensionDecimals = 4;

std::string duration(double seconds) {
  const auto whole = std::llround(std::max(seconds, 0.0));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

/// The texts that occur, each once, in a list for people.
std::string listed(const std::set<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    if (!text.empty()) list += (list.empty() ? "" : "; ") + text;
  }
  return list;
}

mustache::data fact(const std::string& name, const std::string& value) {
  mustache::data data{mustache::data::type::object};
  data.set("name", readable_text(name));
  data.set("value", readable_text(value));
  return data;
}

void flatten(const ConfigNode& node, const std::string& prefix, std::map<std::string, std::string>& into) {
  for (const ConfigNode::Entry& entry : node.entries()) {
    const std::string name = prefix.empty() ? entry.key : prefix + '.' + entry.key;
    if (entry.value.is_map() && !entry.value.entries().empty()) {
      flatten(entry.value, name, into);
    } else if (entry.value.is_map()) {
      into[name] = "";
    } else {
      into[name] = entry.value.is_text() ? entry.value.as_text() : to_json(entry.value);
    }
  }
}

std::string status_text(const RunRow& run) {
  if (run.interrupted) return "interrupted";
  return status_name(run.status);
}

void set_cell(mustache::data& row, const ReportCell& cell) {
  row.set("cell", readable_text(cell.group.label));
  row.set("color", std::to_string(cell.color % kReportColors));
  row.set("place", std::to_string(cell.color + 1));
}

/// A number as it is shown and as it is sorted by; what is absent comes last.
void set_number(mustache::data& row, const std::string& name, const Spread& spread, int decimals) {
  row.set(name, spread.mean ? spread_text(spread, decimals) : "–");
  row.set(name + "_key", spread.mean ? exact_number(*spread.mean) : "");
}

}  // namespace

std::string readable_text(const std::string& text) {
  std::string clean;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    const bool control = length == 1 && (first < 0x20 || first == 0x7F) && first != '\n' && first != '\t';
    if (length == 0 || control) {
      clean += "\xEF\xBF\xBD";
      ++at;
    } else {
      clean.append(text, at, length);
      at += length;
    }
  }
  return clean;
}

std::string number_or_dash(const std::optional<double>& number, int decimals) {
  return number ? rounded_number(*number, decimals) : "–";
}

mustache::data facts_section(const ReportContext& context) {
  std::set<std::string> datasets;
  std::set<std::string> machines;
  std::set<std::string> versions;
  std::set<std::string> commits;
  std::set<std::string> seeds;
  std::set<std::string> commands;
  std::string started;
  std::string finished;
  double seconds = 0;
  for (const RunRow& run : context.runs) {
    datasets.insert(context.store.dataset_text(run.id));
    if (!run.processor.empty()) {
      machines.insert((run.host.empty() ? "" : run.host + ", ") + run.processor + ", " + run.instruction_set + ", " +
                      std::to_string(run.threads) + (run.threads == 1 ? " thread" : " threads") + " a run");
    }
    versions.insert(run.version);
    if (!run.git_commit.empty()) commits.insert(run.git_commit + (run.git_dirty ? " with changes" : ""));
    seeds.insert(std::to_string(run.seed));
    for (const std::string& command : context.store.events(run.id, "command")) commands.insert(command);
    if (!run.started.empty() && (started.empty() || run.started < started)) started = run.started;
    finished = std::max(finished, run.finished);
    seconds += run.seconds;
  }
  mustache::data facts{mustache::data::type::list};
  facts.push_back(fact("Dataset", listed(datasets)));
  facts.push_back(fact("Machine", listed(machines)));
  facts.push_back(fact("drawlab", listed(versions)));
  if (!commits.empty()) facts.push_back(fact("Git commit of the experiment's folder", listed(commits)));
  if (!commands.empty()) facts.push_back(fact("Command", listed(commands)));
  facts.push_back(fact("Seeds", std::to_string(seeds.size()) + (seeds.size() <= 20 ? ": " + listed(seeds) : "")));
  if (!started.empty()) facts.push_back(fact("Started", started));
  if (!finished.empty()) facts.push_back(fact("Last finished", finished));
  facts.push_back(fact("Training time of all runs", duration(seconds)));
  return facts;
}

mustache::data settings_section(const ReportContext& context) {
  std::vector<std::map<std::string, std::string>> configs;
  std::map<std::string, std::set<std::string>> values;
  std::map<std::string, std::size_t> counts;
  for (const ReportCell& cell : context.cells) {
    std::map<std::string, std::string> flat;
    flatten(from_json(cell.run->config), "", flat);
    for (const auto& [name, value] : flat) {
      values[name].insert(value);
      ++counts[name];
    }
  }
  mustache::data common{mustache::data::type::list};
  for (const auto& [name, found] : values) {
    if (found.size() == 1 && counts[name] == context.cells.size() && name != "seed") {
      common.push_back(fact(name, *found.begin()));
    }
  }
  return common;
}

mustache::data leaderboard_section(const ReportContext& context) {
  const std::vector<RunRow>& runs = context.runs;
  const auto of_test = [&](Quantity quantity) {
    return metric_of(context.store, runs, MetricName{Split::test, quantity});
  };
  const RunNumbers nll = of_test(Quantity::nll);
  const RunNumbers reconstruction = of_test(Quantity::reconstruction);
  const RunNumbers kl = of_test(Quantity::kl);
  const RunNumbers error = of_test(Quantity::error);
  const RunNumbers validation = metric_of(context.store, runs, MetricName{Split::validation, Quantity::nll});
  const ImportanceBounds bounds = importance_bounds(context.store, runs);
  const RunNumbers& tighter = bounds.numbers;
  const RunNumbers epochs = metric_of(context.store, runs, "epochs");
  const RunNumbers per_dimension = of_test(Quantity::nll_per_dimension);
  const bool generates = !context.classifies;
  const int decimals = generates ? kDecimals : kCrossEntropyDecimals;
  mustache::data board{mustache::data::type::object};
  board.set("has_error", !error.empty());
  board.set("has_parts", generates);
  board.set("has_dimensions", !per_dimension.empty());
  board.set("has_tighter", !tighter.empty());
  board.set("tighter_of", "K = " + std::to_string(bounds.importance_samples) + ", " + std::to_string(bounds.samples) +
                              (bounds.samples == 1 ? " image" : " images"));
  mustache::data rows{mustache::data::type::list};
  for (const ReportCell& cell : context.cells) {
    mustache::data row{mustache::data::type::object};
    set_cell(row, cell);
    const auto done = std::count_if(cell.group.runs.begin(), cell.group.runs.end(),
                                    [](const RunRow& run) { return run.status == Status::done; });
    row.set("done", std::to_string(done) + " of " + std::to_string(cell.group.runs.size()));
    row.set("done_key", std::to_string(done));
    set_number(row, "nll", spread_of(cell.group, nll), decimals);
    set_number(row, "reconstruction", spread_of(cell.group, reconstruction), decimals);
    set_number(row, "kl", spread_of(cell.group, kl), decimals);
    Spread percent = spread_of(cell.group, error);
    if (percent.mean) *percent.mean *= 100;
    if (percent.deviation) *percent.deviation *= 100;
    set_number(row, "error", percent, kDecimals);
    set_number(row, "dimension", spread_of(cell.group, per_dimension), kPerDimensionDecimals);
    set_number(row, "validation", spread_of(cell.group, validation), decimals);
    set_number(row, "tighter", spread_of(cell.group, tighter), decimals);
    set_number(row, "epochs", {1, spread_of(cell.group, epochs).mean, std::nullopt}, 0);
    double seconds = 0;
    for (const RunRow& run : cell.group.runs) seconds += run.seconds / static_cast<double>(cell.group.runs.size());
    row.set("time", duration(seconds));
    row.set("time_key", exact_number(seconds));
    row.set("has_error", !error.empty());
    row.set("has_parts", generates);
    row.set("has_dimensions", !per_dimension.empty());
    row.set("has_tighter", !tighter.empty());
    rows.push_back(row);
  }
  board.set("rows", rows);
  return board;
}

mustache::data pairs_section(const ReportContext& context) {
  const RunNumbers numbers = metric_of(context.store, context.runs, context.judged);
  mustache::data rows{mustache::data::type::list};
  bool any = false;
  for (std::size_t i = 1; i < context.cells.size(); ++i) {
    const auto difference = paired_difference(context.cells.front().group, context.cells[i].group, numbers);
    if (!difference.standard_error) continue;
    any = true;
    mustache::data row{mustache::data::type::object};
    set_cell(row, context.cells[i]);
    row.set("pairs", std::to_string(difference.pairs));
    row.set("difference",
            (difference.mean > 0 ? "+" : "") + rounded_number(difference.mean, context.classifies ? 4 : 2));
    row.set("error", rounded_number(*difference.standard_error, context.classifies ? 4 : 2));
    rows.push_back(row);
  }
  mustache::data section{mustache::data::type::object};
  section.set("any", any);
  section.set("best", readable_text(context.cells.front().group.label));
  section.set("unit", std::string(context.classifies ? "share of wrong labels" : "nats"));
  section.set("rows", rows);
  return section;
}

mustache::data evaluations_section(const ReportContext& context) {
  mustache::data rows{mustache::data::type::list};
  bool any = false;
  for (const ReportCell& cell : context.cells) {
    for (const RunRow& run : cell.group.runs) {
      for (const EvaluationRow& found : context.store.evaluations(run.id)) {
        if (!is_of_present_weights(run, found)) continue;
        any = true;
        mustache::data row{mustache::data::type::object};
        set_cell(row, cell);
        row.set("run", std::to_string(run.id));
        row.set("split", std::string(split_name(found.split)));
        row.set("samples", std::to_string(found.samples));
        row.set("bound", found.kind == BoundKind::plain
                             ? std::string("plain")
                             : "importance-weighted, K = " + std::to_string(found.importance_samples));
        row.set("passes", std::to_string(found.passes));
        row.set("nll", rounded_number(found.nll, 3));
        row.set("error", number_or_dash(found.standard_error, 3));
        rows.push_back(row);
      }
    }
  }
  mustache::data section{mustache::data::type::object};
  section.set("any", any);
  section.set("rows", rows);
  return section;
}

mustache::data failures_section(const ReportContext& context) {
  mustache::data rows{mustache::data::type::list};
  bool any = false;
  for (const RunRow& run : context.runs) {
    const bool bad = run.status == Status::failed || run.status == Status::diverged;
    if (run.status == Status::done || run.status == Status::pending) continue;
    any = true;
    mustache::data row{mustache::data::type::object};
    row.set("run", std::to_string(run.id));
    row.set("cell", readable_text(run.label));
    row.set("seed", std::to_string(run.seed));
    row.set("status", status_text(run));
    row.set("epochs", std::to_string(run.epochs));
    std::string error = bad ? run.error : "";
    if (run.status == Status::diverged && run.diverged_step > 0 && error.empty()) {
      error = "diverged at step " + std::to_string(run.diverged_step);
    }
    row.set("error", readable_text(error));
    rows.push_back(row);
  }
  mustache::data section{mustache::data::type::object};
  section.set("any", any);
  section.set("rows", rows);
  return section;
}

}  // namespace drawlab::results
