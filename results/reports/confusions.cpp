#include "results/reports/sections.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace drawlab::results {

namespace mustache = kainjow::mustache;

namespace {

constexpr std::size_t kMostClasses = 30;  // larger tables are left out; `drawlab query confusion` has their numbers

/// How dark a cell is: 0 if empty, else 1 to 5 by its share of the label's samples.
int shade_of(std::int64_t count, std::int64_t of) {
  if (count == 0) return 0;
  constexpr std::array<double, 4> kBorders = {0.05, 0.2, 0.5, 0.8};
  const double share = static_cast<double>(count) / static_cast<double>(of);
  return 1 + static_cast<int>(std::count_if(kBorders.begin(), kBorders.end(), [&](double at) { return share >= at; }));
}

mustache::list matrix(const std::vector<std::int64_t>& counts, std::size_t classes) {
  mustache::list rows;
  for (std::size_t label = 0; label < classes; ++label) {
    const auto begin = counts.begin() + static_cast<std::ptrdiff_t>(label * classes);
    const std::int64_t all = std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(classes), std::int64_t{0});
    mustache::list cells;
    for (std::size_t guess = 0; guess < classes; ++guess) {
      const std::int64_t count = counts[label * classes + guess];
      cells.push_back(mustache::object{{"count", std::to_string(count)},
                                       {"shade", std::to_string(shade_of(count, all))},
                                       {"right", label == guess}});
    }
    rows.push_back(mustache::object{{"label", std::to_string(label)}, {"cells", cells}});
  }
  return rows;
}

}  // namespace

mustache::data confusions_section(const ReportContext& context) {
  mustache::list tables;
  for (std::size_t i = 0; i < context.shown; ++i) {
    const ReportCell& cell = context.cells[i];
    const std::vector<std::int64_t> counts = context.store.confusion(cell.run->id, Split::test);
    std::size_t classes = 0;
    while (classes * classes < counts.size()) ++classes;
    if (classes == 0 || classes > kMostClasses) continue;
    mustache::list heads;
    for (std::size_t guess = 0; guess < classes; ++guess) heads.emplace_back(std::to_string(guess));
    mustache::data table =
        mustache::object{{"run", std::to_string(cell.run->id)}, {"heads", heads}, {"rows", matrix(counts, classes)}};
    set_cell(table, cell);
    tables.push_back(table);
  }
  return mustache::object{{"any", !tables.empty()}, {"tables", tables}};
}

}  // namespace drawlab::results
