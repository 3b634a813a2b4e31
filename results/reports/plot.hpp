#pragma once

#include <string>
#include <utility>
#include <vector>

namespace drawlab::results {

/// A line of a plot; its points are ordered by x.
struct PlotLine {
  std::string name;
  std::size_t color = 0;  // of the cell that it belongs to
  bool dashed = false;
  std::vector<std::pair<double, double>> points;
  std::size_t unscaled = 0;  // so many first points may lie outside: they do not stretch the drawing
};

/// One mark on an axis: where, in pixels of the drawing, and what it says.
struct PlotTick {
  double at = 0;
  std::string label;
};

/// A line ready to be drawn.
struct PlotPath {
  std::string name;
  std::size_t color = 0;
  bool dashed = false;
  std::string points;  // of an SVG polyline; empty with a single point
  double last_x = 0;
  double last_y = 0;
};

/// A plot laid out on a drawing of kPlotWidth by kPlotHeight.
struct PlotLayout {
  std::vector<PlotTick> x_ticks;
  std::vector<PlotTick> y_ticks;
  std::vector<PlotPath> paths;
};

inline constexpr double kPlotWidth = 640;
inline constexpr double kPlotHeight = 320;
/// The area of the lines.
inline constexpr double kPlotLeft = 56;
inline constexpr double kPlotRight = 632;
inline constexpr double kPlotTop = 22;
inline constexpr double kPlotBottom = 284;

/// Steps of 1, 2 or 5 times a power of ten that cover [low, high] with at most `most` marks.
std::vector<double> round_ticks(double low, double high, int most);

/// Puts the lines into the area. `whole_x`: marks on whole numbers only. Leaves out points that
/// are not finite or beyond 1e300.
PlotLayout lay_out_plot(const std::vector<PlotLine>& lines, bool whole_x);

}  // namespace drawlab::results
