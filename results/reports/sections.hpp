#pragma once

#include "results/comparison.hpp"
#include "results/store.hpp"

#include <kainjow/mustache.hpp>

#include <string>
#include <vector>

namespace drawlab::results {

/// Colours of lines and marks: c0, c1, … of the style sheet, used in turn.
inline constexpr std::size_t kReportColors = 12;

/// A cell of the experiment, as a report shows it.
struct ReportCell {
  RunGroup group;
  std::size_t color = 0;        // its rank among all cells, the best first
  const RunRow* run = nullptr;  // its pictures are shown: the first finished run, or the first run
};

/// The data of all sections of a report.
struct ReportContext {
  const Store& store;
  std::vector<RunRow> runs;
  std::vector<ReportCell> cells;  // the best first
  std::size_t shown = 0;          // the first of them, which have curves and pictures
  bool classifies = false;        // every run does
  MetricName judged;              // what cells are ranked by
};

using TemplateData = kainjow::mustache::data;

/// Text for a page: bytes that are not UTF-8 and control characters become U+FFFD; line breaks stay.
std::string readable_text(const std::string& text);
/// Sets `cell`, `color` and `place`, by which the page names a cell.
void set_cell(TemplateData& data, const ReportCell& cell);
/// The number with that many decimals; a dash if there is none.
std::string number_or_dash(const std::optional<double>& number, int decimals);

/// What was run: dataset, machines, versions, times, settings.
TemplateData facts_section(const ReportContext& context);
TemplateData settings_section(const ReportContext& context);
/// The cells ranked.
TemplateData leaderboard_section(const ReportContext& context);
/// Differences to the best cell over common seeds; empty if no two cells share two seeds.
TemplateData pairs_section(const ReportContext& context);
TemplateData evaluations_section(const ReportContext& context);
TemplateData failures_section(const ReportContext& context);

/// Confusion tables of classifiers; empty if there are no classifiers.
TemplateData confusions_section(const ReportContext& context);

/// Learning curves and the KL divergence of each glimpse, as SVG; `json` receives the data of the interactive plots.
TemplateData plots_section(const ReportContext& context, std::string& json);

/// Pictures by kind, of every shown cell.
TemplateData pictures_section(const ReportContext& context);

}  // namespace drawlab::results
