#include "results/reports/sections.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace drawlab::results {

namespace mustache = kainjow::mustache;

namespace {

constexpr std::size_t kMostClasses = 30;  // a larger table nobody reads; the query gives its numbers

/// How dark a cell is: 0 where nothing is, up to 5 by its share of the label's samples.
int shade_of(std::int64_t count, std::int64_t of) {
  if (count == 0) return 0;
  constexpr std::array<double, 4> kBorders = {0.05, 0.2, 0.5, 0.8};
  const double share = static_cast<double>(count) / static_cast<double>(of);
  return 1 + static_cast<int>(std::count_if(kBorders.begin(), kBorders.end(), [&](double at) { return share >= at; }));
}

mustache::data matrix(const std::vector<std::int64_t>& counts, std::size_t classes) {
  mustache::data rows{mustache::data::type::list};
  for (std::size_t label = 0; label < classes; ++label) {
    const auto begin = counts.begin() + static_cast<std::ptrdiff_t>(label * classes);
    const std::int64_t all = std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(classes), std::int64_t{0});
    mustache::data cells{mustache::data::type::list};
    for (std::size_t guess = 0; guess < classes; ++guess) {
      mustache::data cell{mustache::data::type::object};
      cell.set("count", std::to_string(counts[label * classes + guess]));
      cell.set("shade", std::to_string(shade_of(counts[label * classes + guess], all)));
      cell.set("right", label == guess);
      cells.push_back(cell);
    }
    mustache::data row{mustache::data::type::object};
    row.set("label", std::to_string(label));
    row.set("cells", cells);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

mustache::data confusions_section(const ReportContext& context) {
  mustache::data tables{mustache::data::type::list};
  bool any = false;
  for (std::size_t i = 0; i < context.shown; ++i) {
    const ReportCell& cell = context.cells[i];
    const std::vector<std::int64_t> counts = context.store.confusion(cell.run->id, Split::test);
    std::size_t classes = 0;
    while (classes * classes < counts.size()) ++classes;
    if (classes == 0 || classes > kMostClasses) continue;
    any = true;
    mustache::data heads{mustache::data::type::list};
    for (std::size_t guess = 0; guess < classes; ++guess) heads.push_back(mustache::data(std::to_string(guess)));
    mustache::data table{mustache::data::type::object};
    table.set("cell", readable_text(cell.group.label));
    table.set("color", std::to_string(cell.color % kReportColors));
    table.set("place", std::to_string(cell.color + 1));
    table.set("run", std::to_string(cell.run->id));
    table.set("heads", heads);
    table.set("rows", matrix(counts, classes));
    tables.push_back(table);
  }
  mustache::data section{mustache::data::type::object};
  section.set("any", any);
  section.set("tables", tables);
  return section;
}

}  // namespace drawlab::results
