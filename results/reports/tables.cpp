#include "drawlab/config.hpp"

#include "results/number_text.hpp"
#include "results/reports/sections.hpp"
#include "results/utf8.hpp"
#include "system/text.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace drawlab::results {

namespace mustache = kainjow::mustache;

namespace {

constexpr int kDecimals = 2;
constexpr int kCrossEntropyDecimals = 4;
constexpr int kPerDimensionDecimals = 4;

/// The texts that occur, each once, in a list for people.
std::string listed(const std::set<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    if (!text.empty()) list += (list.empty() ? "" : "; ") + text;
  }
  return list;
}

mustache::data fact(const std::string& name, const std::string& value) {
  return mustache::object{{"name", readable_text(name)}, {"value", readable_text(value)}};
}

/// A column of the ranking: a number with its deviation over seeds.
struct NumberColumn {
  const char* name;
  RunNumbers numbers;
  int decimals;
  double factor = 1;
};

/// Sets the number as it is shown and as it is sorted by; absent numbers come last.
void set_number(mustache::data& row, const NumberColumn& column, const RunGroup& group) {
  Spread spread = spread_of(group, column.numbers);
  if (spread.mean) *spread.mean *= column.factor;
  if (spread.deviation) *spread.deviation *= column.factor;
  row.set(column.name, spread.mean ? spread_text(spread, column.decimals) : "–");
  row.set(std::string(column.name) + "_key", spread.mean ? exact_number(*spread.mean) : "");
}

mustache::data section_of(const mustache::list& rows) {
  return mustache::object{{"any", !rows.empty()}, {"rows", rows}};
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

void set_cell(mustache::data& data, const ReportCell& cell) {
  data.set("cell", readable_text(cell.group.label));
  data.set("color", std::to_string(cell.color % kReportColors));
  data.set("place", std::to_string(cell.color + 1));
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
  mustache::list facts;
  facts.push_back(fact("Dataset", listed(datasets)));
  facts.push_back(fact("Machine", listed(machines)));
  facts.push_back(fact("drawlab", listed(versions)));
  if (!commits.empty()) facts.push_back(fact("Git commit of the experiment's folder", listed(commits)));
  if (!commands.empty()) facts.push_back(fact("Command", listed(commands)));
  facts.push_back(fact("Seeds", std::to_string(seeds.size()) + (seeds.size() <= 20 ? ": " + listed(seeds) : "")));
  if (!started.empty()) facts.push_back(fact("Started", started));
  if (!finished.empty()) facts.push_back(fact("Last finished", finished));
  facts.push_back(fact("Training time of all runs", duration_text(seconds)));
  return facts;
}

mustache::data settings_section(const ReportContext& context) {
  std::map<std::string, std::set<std::string>> values;
  std::map<std::string, std::size_t> counts;
  for (const ReportCell& cell : context.cells) {
    const RecordedConfiguration configuration = cell.run->configuration();
    for (const auto& [name, node] : configuration.settings()) {
      if (node->is_map() && !node->entries().empty()) continue;
      values[name].insert(node->is_map() ? "" : node->is_text() ? node->as_text() : to_json(*node));
      ++counts[name];
    }
  }
  mustache::list common;
  for (const auto& [name, found] : values) {
    if (found.size() == 1 && counts[name] == context.cells.size() && name != "seed") {
      common.push_back(fact(name, *found.begin()));
    }
  }
  return common;
}

mustache::data leaderboard_section(const ReportContext& context) {
  const auto of_test = [&](Quantity quantity) {
    return metric_of(context.store, context.runs, MetricName{Split::test, quantity});
  };
  const ImportanceBounds bounds = importance_bounds(context.store, context.runs);
  const bool generates = !context.classifies;
  const int decimals = generates ? kDecimals : kCrossEntropyDecimals;
  const std::vector<NumberColumn> columns = {
      {"nll", of_test(Quantity::nll), decimals},
      {"reconstruction", of_test(Quantity::reconstruction), decimals},
      {"kl", of_test(Quantity::kl), decimals},
      {"error", of_test(Quantity::error), kDecimals, 100},
      {"dimension", of_test(Quantity::nll_per_dimension), kPerDimensionDecimals},
      {"validation", metric_of(context.store, context.runs, MetricName{Split::validation, Quantity::nll}), decimals},
      {"tighter", bounds.numbers, decimals}};
  const RunNumbers epochs = metric_of(context.store, context.runs, "epochs");
  const mustache::object shown = {{"has_error", !columns[3].numbers.empty()},
                                  {"has_parts", generates},
                                  {"has_dimensions", !columns[4].numbers.empty()},
                                  {"has_tighter", !bounds.numbers.empty()}};
  mustache::list rows;
  for (const ReportCell& cell : context.cells) {
    mustache::data row = shown;
    set_cell(row, cell);
    const auto done = std::count_if(cell.group.runs.begin(), cell.group.runs.end(),
                                    [](const RunRow& run) { return run.status == Status::done; });
    row.set("done", std::to_string(done) + " of " + std::to_string(cell.group.runs.size()));
    row.set("done_key", std::to_string(done));
    for (const NumberColumn& column : columns) set_number(row, column, cell.group);
    const auto mean_epochs = spread_of(cell.group, epochs).mean;
    row.set("epochs", number_or_dash(mean_epochs, 0));
    row.set("epochs_key", mean_epochs ? exact_number(*mean_epochs) : "");
    double seconds = 0;
    for (const RunRow& run : cell.group.runs) seconds += run.seconds / static_cast<double>(cell.group.runs.size());
    row.set("time", duration_text(seconds));
    row.set("time_key", exact_number(seconds));
    rows.push_back(row);
  }
  mustache::data board = shown;
  board.set("tighter_of", "K = " + std::to_string(bounds.importance_samples) + ", " + std::to_string(bounds.samples) +
                              (bounds.samples == 1 ? " image" : " images"));
  board.set("rows", rows);
  return board;
}

mustache::data pairs_section(const ReportContext& context) {
  const int decimals = context.classifies ? 4 : 2;
  const RunNumbers numbers = metric_of(context.store, context.runs, context.judged);
  mustache::list rows;
  for (std::size_t i = 1; i < context.cells.size(); ++i) {
    const auto difference = paired_difference(context.cells.front().group, context.cells[i].group, numbers);
    if (!difference.standard_error) continue;
    mustache::data row =
        mustache::object{{"pairs", std::to_string(difference.pairs)},
                         {"difference", (difference.mean > 0 ? "+" : "") + rounded_number(difference.mean, decimals)},
                         {"error", rounded_number(*difference.standard_error, decimals)}};
    set_cell(row, context.cells[i]);
    rows.push_back(row);
  }
  mustache::data section = section_of(rows);
  section.set("best", readable_text(context.cells.front().group.label));
  section.set("unit", context.classifies ? "share of wrong labels" : "nats");
  return section;
}

mustache::data evaluations_section(const ReportContext& context) {
  mustache::list rows;
  for (const ReportCell& cell : context.cells) {
    for (const RunRow& run : cell.group.runs) {
      for (const EvaluationRow& found : context.store.evaluations(run.id)) {
        if (!is_of_present_weights(run, found)) continue;
        const std::string weighted = "importance-weighted, K = " + std::to_string(found.importance_samples);
        mustache::data row = mustache::object{{"run", std::to_string(run.id)},
                                              {"split", split_name(found.split)},
                                              {"samples", std::to_string(found.samples)},
                                              {"bound", found.kind == BoundKind::plain ? "plain" : weighted},
                                              {"passes", std::to_string(found.passes)},
                                              {"nll", rounded_number(found.nll, 3)},
                                              {"error", number_or_dash(found.standard_error, 3)}};
        set_cell(row, cell);
        rows.push_back(row);
      }
    }
  }
  return section_of(rows);
}

mustache::data failures_section(const ReportContext& context) {
  mustache::list rows;
  for (const RunRow& run : context.runs) {
    if (run.status == Status::done || run.status == Status::pending) continue;
    std::string error = run.status == Status::failed || run.status == Status::diverged ? run.error : "";
    if (run.status == Status::diverged && run.diverged_step > 0 && error.empty()) {
      error = "diverged at step " + std::to_string(run.diverged_step);
    }
    rows.push_back(mustache::object{{"run", std::to_string(run.id)},
                                    {"cell", readable_text(run.label)},
                                    {"seed", std::to_string(run.seed)},
                                    {"status", run.interrupted ? "interrupted" : status_name(run.status)},
                                    {"epochs", std::to_string(run.epochs)},
                                    {"error", readable_text(error)}});
  }
  return section_of(rows);
}

}  // namespace drawlab::results
