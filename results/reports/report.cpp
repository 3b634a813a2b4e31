#include "results/reports/report.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"
#include "drawlab/version.hpp"

#include "results/format.hpp"
#include "results/reports/parts.hpp"
#include "results/reports/sections.hpp"
#include "system/text.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>

namespace drawlab::results {

namespace {

namespace mustache = kainjow::mustache;

[[noreturn]] void throw_unknown(const Store& store, const std::string& experiment) {
  std::set<std::string> names;
  for (const RunRow& run : store.runs()) names.insert(run.experiment);
  throw ConfigError(terminal_text("no runs of experiment '" + experiment + "' in " + store.path().string() +
                                  (names.empty() ? "" : suggestion(experiment, {names.begin(), names.end()}))));
}

const RunRow* representative(const RunGroup& group) {
  const auto done =
      std::find_if(group.runs.begin(), group.runs.end(), [](const RunRow& run) { return run.status == Status::done; });
  return done != group.runs.end() ? &*done : &group.runs.front();
}

ReportContext context_of(const Store& store, const std::string& experiment) {
  ReportContext context{store, store.runs(experiment), {}, 0, false, {Split::test, Quantity::nll}};
  if (context.runs.empty()) throw_unknown(store, experiment);
  context.classifies = std::all_of(context.runs.begin(), context.runs.end(),
                                   [](const RunRow& run) { return run.task == Task::classify; });
  if (context.classifies) context.judged.quantity = Quantity::error;
  for (RunGroup& group : group_by_cell(context.runs)) context.cells.push_back({std::move(group), 0, nullptr});
  const RunNumbers numbers = metric_of(store, context.runs, context.judged);
  const auto rank = [&](const ReportCell& cell) {
    return spread_of(cell.group, numbers).mean.value_or(std::numeric_limits<double>::infinity());
  };
  std::stable_sort(context.cells.begin(), context.cells.end(),
                   [&](const ReportCell& a, const ReportCell& b) { return rank(a) < rank(b); });
  for (std::size_t i = 0; i < context.cells.size(); ++i) {
    context.cells[i].color = i;
    context.cells[i].run = representative(context.cells[i].group);
  }
  context.shown = std::min(context.cells.size(), kReportedCells);
  return context;
}

std::string summary(const ReportContext& context) {
  std::size_t done = 0;
  std::size_t bad = 0;
  for (const RunRow& run : context.runs) {
    done += run.status == Status::done ? 1 : 0;
    bad += run.status == Status::failed || run.status == Status::diverged ? 1 : 0;
  }
  std::string text = counted(std::ssize(context.cells), "cell") + ", " + counted(std::ssize(context.runs), "run") +
                     ": " + std::to_string(done) + " done";
  if (bad > 0) text += ", " + std::to_string(bad) + " failed or diverged";
  if (done + bad < context.runs.size()) text += ", " + std::to_string(context.runs.size() - done - bad) + " unfinished";
  return text + ".";
}

}  // namespace

std::string experiment_report(const Store& store, const std::string& experiment) {
  const ReportContext context = context_of(store, experiment);
  const auto about = store.experiment(experiment);
  mustache::data page{mustache::data::type::object};
  page.set("title", readable_text(experiment));
  page.set("description", readable_text(about.description));
  page.set("summary", summary(context));
  page.set("classifies", context.classifies);
  page.set("version", std::string(kVersion));
  page.set("style", report_part("parts/report.css") + report_part("third_party/uplot/uPlot.min.css"));
  page.set("facts", facts_section(context));
  page.set("settings", settings_section(context));
  page.set("has_file", !about.text.empty());
  page.set("file_text", readable_text(about.text));
  page.set("file_name", readable_text(about.file));
  page.set("leaderboard", leaderboard_section(context));
  page.set("pairs", pairs_section(context));
  page.set("evaluations", evaluations_section(context));
  page.set("failures", failures_section(context));
  page.set("confusions", confusions_section(context));
  page.set("few", context.shown < context.cells.size());
  page.set("shown", std::to_string(context.shown));
  page.set("cells", std::to_string(context.cells.size()));
  std::string json;
  page.set("plots", plots_section(context, json));
  page.set("pictures", pictures_section(context));
  page.set("plot_data", json);
  page.set("plot_library", report_part("third_party/uplot/uPlot.iife.min.js"));
  page.set("plot_licence", report_part("third_party/uplot/LICENSE"));
  page.set("script", report_part("parts/report.js"));
  for (const char* part : {"leaderboard", "plots", "confusions", "pictures"}) {
    page.set(
        std::string(part) + "_part",
        mustache::data(mustache::partial([part] { return report_part(std::string("parts/") + part + ".mustache"); })));
  }
  mustache::mustache layout(report_part("parts/report.mustache"));
  if (!layout.is_valid()) throw Error("the report's template is damaged: " + layout.error_message());
  return layout.render(page);
}

}  // namespace drawlab::results
