#include "results/reports/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace drawlab::results {

namespace {

struct Range {
  double low = 0;
  double high = 1;
};

constexpr double kFarOutside = 1e5;  // pixels; where a line that leaves the drawing is cut
constexpr double kShortFrom = 1e7;   // numbers from which on a tick has no room for all digits
constexpr double kShortSteps = 1e-9;

std::string coordinate(double value) {
  std::array<char, 32> text{};
  const double near = std::clamp(value, -kFarOutside, kFarOutside);
  const int length = std::snprintf(text.data(), text.size(), "%.1f", near);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string tick_label(double value, double step) {
  std::array<char, 64> text{};
  const bool is_short = std::abs(value) >= kShortFrom || step < kShortSteps;
  const int decimals = is_short ? 0 : std::clamp(static_cast<int>(-std::floor(std::log10(step))), 0, 9);
  const int length = is_short ? std::snprintf(text.data(), text.size(), "%.6g", value)
                              : std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return {text.data(), static_cast<std::size_t>(length)};
}

/// What can be drawn: beyond, the span of two numbers is none.
bool is_drawable(double value) { return std::abs(value) <= 1e300; }

/// The range of one coordinate over each line's points from `first_of` it on; its last point always counts.
template <class First, class Pick>
Range range_of(const std::vector<PlotLine>& lines, First first_of, Pick pick) {
  bool any = false;
  Range range;
  for (const PlotLine& line : lines) {
    for (std::size_t i = std::min(first_of(line), line.points.size() - 1); i < line.points.size(); ++i) {
      const double value = pick(line.points[i]);
      range.low = any ? std::min(range.low, value) : value;
      range.high = any ? std::max(range.high, value) : value;
      any = true;
    }
  }
  if (!any) return {0, 1};
  if (range.low == range.high) {
    const double margin = range.low == 0 ? 0.5 : std::abs(range.low) * 0.05;
    return {range.low - margin, range.high + margin};
  }
  return range;
}

std::vector<PlotTick> ticks_on(const std::vector<double>& values, const Range& range, double from, double to) {
  std::vector<PlotTick> ticks;
  const double step = values.size() > 1 ? values[1] - values[0] : 1;
  for (const double value : values) {
    const double share = (value - range.low) / (range.high - range.low);
    if (share < -1e-9 || share > 1 + 1e-9) continue;
    ticks.push_back({std::round((from + share * (to - from)) * 10) / 10, tick_label(value, step)});
  }
  return ticks;
}

}  // namespace

std::vector<double> round_ticks(double low, double high, int most) {
  const double span = std::max(high - low, 1e-300);
  double step = std::pow(10.0, std::floor(std::log10(span / most)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (span / (step * factor) <= most) {
      step *= factor;
      break;
    }
  }
  std::vector<double> ticks;
  const auto first = static_cast<std::int64_t>(std::floor(low / step));
  const auto last = static_cast<std::int64_t>(std::ceil(high / step));
  for (std::int64_t i = first; i <= last; ++i) ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

PlotLayout lay_out_plot(const std::vector<PlotLine>& given, bool whole_x) {
  std::vector<PlotLine> lines = given;
  for (PlotLine& line : lines) {
    std::erase_if(line.points,
                  [](const auto& point) { return !is_drawable(point.first) || !is_drawable(point.second); });
  }
  std::erase_if(lines, [](const PlotLine& line) { return line.points.empty(); });
  const Range x = range_of(
      lines, [](const PlotLine&) { return std::size_t{0}; }, [](const auto& point) { return point.first; });
  Range y = range_of(
      lines, [](const PlotLine& line) { return line.unscaled; }, [](const auto& point) { return point.second; });
  constexpr int kMostX = 10;
  constexpr int kMostY = 6;
  const std::vector<double> y_values = round_ticks(y.low, y.high, kMostY);
  y = {y_values.front(), y_values.back()};
  std::vector<double> x_values = round_ticks(x.low, x.high, kMostX);
  if (whole_x) std::erase_if(x_values, [](double value) { return value != std::round(value); });
  PlotLayout layout;
  layout.x_ticks = ticks_on(x_values, x, kPlotLeft, kPlotRight);
  layout.y_ticks = ticks_on(y_values, y, kPlotBottom, kPlotTop);
  for (const PlotLine& line : lines) {
    PlotPath& path = layout.paths.emplace_back(PlotPath{line.name, line.color, line.dashed, {}, 0, 0});
    for (const auto& [at, value] : line.points) {
      path.last_x = kPlotLeft + (at - x.low) / (x.high - x.low) * (kPlotRight - kPlotLeft);
      path.last_y = kPlotBottom - (value - y.low) / (y.high - y.low) * (kPlotBottom - kPlotTop);
      path.points += (path.points.empty() ? "" : " ") + coordinate(path.last_x) + ',' + coordinate(path.last_y);
    }
    if (line.points.size() < 2) path.points.clear();
  }
  return layout;
}

}  // namespace drawlab::results
