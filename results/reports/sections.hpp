#pragma once

#include "results/comparison.hpp"
#include "results/store.hpp"

#include <kainjow/mustache.hpp>

#include <string>
#include <vector>

namespace drawlab::results {

/// Colours that lines and marks take in turn: c0, c1, … of the style sheet.
inline constexpr std::size_t kReportColors = 12;

/// A cell of the experiment as a report speaks of it.
struct ReportCell {
  RunGroup group;
  std::size_t color = 0;        // its place among all cells, the best first
  const RunRow* run = nullptr;  // whose pictures are shown: the first that is done, or the first
};

/// What all sections of a report are made from.
struct ReportContext {
  const Store& store;
  std::vector<RunRow> runs;
  std::vector<ReportCell> cells;  // the best first
  std::size_t shown = 0;          // so many of them have curves and pictures
  bool classifies = false;        // every run does
  MetricName judged;              // what cells are ranked by
};

using TemplateData = kainjow::mustache::data;

/// Text for a page: bytes that are no UTF-8 and control characters become U+FFFD; line breaks stay.
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
/// Differences to the best cell over common seeds; empty where no two cells share two seeds.
TemplateData pairs_section(const ReportContext& context);
TemplateData evaluations_section(const ReportContext& context);
TemplateData failures_section(const ReportContext& context);

/// What classifiers took each label for; empty where nothing classifies.
TemplateData confusions_section(const ReportContext& context);

/// Learning curves and the divergence of each glimpse, each with its SVG; `json` gets what the interactive ones need.
TemplateData plots_section(const ReportContext& context, std::string& json);

/// Pictures by kind, of every shown cell.
TemplateData pictures_section(const ReportContext& context);

}  // namespace drawlab::results
