#include "results/number_text.hpp"
#include "results/reports/plot.hpp"
#include "results/reports/sections.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace drawlab::results {

namespace mustache = kainjow::mustache;

namespace {

/// One plot of the page.
struct Plot {
  std::string id;
  std::string title;
  std::string x_label;
  std::string y_label;
  std::string about;
  std::vector<PlotLine> lines;
};

/// A metric's mean over a cell's seeds, by epoch.
using Curve = std::map<double, double>;
using CellCurves = std::map<MetricName, Curve>;

double mean_of(const std::vector<double>& values) { return *spread_of(values).mean; }

/// The mean of several runs as far as all of them reach: a seed that stopped early would bend it where it ends.
Curve mean_curve(const std::vector<Curve>& curves) {
  double last = curves.front().rbegin()->first;
  for (const Curve& curve : curves) last = std::min(last, curve.rbegin()->first);
  std::map<double, std::vector<double>> found;
  for (const Curve& curve : curves) {
    for (const auto& [epoch, value] : curve) {
      if (epoch <= last) found[epoch].push_back(value);
    }
  }
  Curve mean;
  for (const auto& [epoch, values] : found) mean[epoch] = mean_of(values);
  return mean;
}

/// The mean of what each run came to, wherever it ended; drawn where the first of them ended.
Curve mean_end(const std::vector<Curve>& curves) {
  double first = curves.front().rbegin()->first;
  std::vector<double> values;
  for (const Curve& curve : curves) {
    first = std::min(first, curve.rbegin()->first);
    values.push_back(curve.rbegin()->second);
  }
  return {{first, mean_of(values)}};
}

/// Of the runs that are done; of all where none is.
CellCurves curves_of(const Store& store, const RunGroup& group) {
  const auto is_done = [](const RunRow& run) { return run.status == Status::done; };
  const bool any_done = std::any_of(group.runs.begin(), group.runs.end(), is_done);
  std::map<MetricName, std::vector<Curve>> found;
  for (const RunRow& run : group.runs) {
    if (any_done && !is_done(run)) continue;
    CellCurves one;
    for (const auto& [epoch, name, value] : store.metrics(run.id)) {
      if (std::isfinite(value)) one[name][static_cast<double>(epoch)] = value;
    }
    for (auto& [name, curve] : one) found[name].push_back(std::move(curve));
  }
  CellCurves curves;
  for (const auto& [name, runs] : found) curves[name] = name.split == Split::test ? mean_end(runs) : mean_curve(runs);
  return curves;
}

PlotLine line_of(const Curve& curve, const std::string& name, std::size_t color, bool dashed, double factor) {
  PlotLine line{name, color, dashed, {}, 0};
  for (const auto& [epoch, mean] : curve) line.points.emplace_back(epoch, mean * factor);
  return line;
}

/// The nats of each glimpse on the test split.
PlotLine glimpse_line(const CellCurves& curves, const ReportCell& cell) {
  PlotLine line{cell.group.label, cell.color, false, {}, 0};
  for (const auto& [name, curve] : curves) {
    if (name.split == Split::test && name.quantity == Quantity::kl_glimpse) {
      line.points.emplace_back(name.glimpse, curve.rbegin()->second);
    }
  }
  return line;
}

std::string value_text(double value) { return nlohmann::json(std::round(value * 100) / 100).dump(); }

/// In words, for whoever does not see the plot.
std::string description(const Plot& plot) {
  std::string text = plot.title + ". ";
  for (const PlotLine& line : plot.lines) {
    if (line.dashed || line.points.empty()) continue;
    text += line.name + ": from " + value_text(line.points.front().second) + " to " +
            value_text(line.points.back().second) + ". ";
  }
  return readable_text(text);
}

std::string coordinate(double value) { return nlohmann::json(std::round(value * 10) / 10).dump(); }

mustache::list drawn(const std::vector<PlotTick>& ticks) {
  mustache::list list;
  for (const PlotTick& tick : ticks) {
    list.push_back(mustache::object{{"at", nlohmann::json(tick.at).dump()}, {"label", tick.label}});
  }
  return list;
}

mustache::data drawn(const Plot& plot) {
  const PlotLayout layout = lay_out_plot(plot.lines, true);
  mustache::list paths;
  for (const PlotPath& path : layout.paths) {
    paths.push_back(mustache::object{{"name", readable_text(path.name)},
                                     {"color", std::to_string(path.color % kReportColors)},
                                     {"dashed", path.dashed},
                                     {"has_line", !path.points.empty()},
                                     {"points", path.points},
                                     {"last_x", coordinate(path.last_x)},
                                     {"last_y", coordinate(path.last_y)}});
  }
  mustache::data data = mustache::object{{"id", plot.id},
                                         {"title", plot.title},
                                         {"about", plot.about},
                                         {"alt", description(plot)},
                                         {"x_label", plot.x_label},
                                         {"y_label", plot.y_label},
                                         {"x_ticks", drawn(layout.x_ticks)},
                                         {"y_ticks", drawn(layout.y_ticks)},
                                         {"paths", paths}};
  for (const auto& [name, value] :
       {std::pair("width", kPlotWidth), std::pair("height", kPlotHeight), std::pair("left", kPlotLeft),
        std::pair("right", kPlotRight), std::pair("top", kPlotTop), std::pair("bottom", kPlotBottom),
        std::pair("area_width", kPlotRight - kPlotLeft), std::pair("area_height", kPlotBottom - kPlotTop)}) {
    data.set(name, rounded_number(value, 0));
  }
  return data;
}

/// What the interactive plot needs: all x that occur, and every line's value there or null.
nlohmann::json plain_data(const Plot& plot) {
  std::set<double> all;
  for (const PlotLine& line : plot.lines) {
    for (const auto& point : line.points) all.insert(point.first);
  }
  nlohmann::json lines = nlohmann::json::array();
  for (const PlotLine& line : plot.lines) {
    const std::map<double, double> points(line.points.begin(), line.points.end());
    nlohmann::json values = nlohmann::json::array();
    for (const double x : all) {
      const auto found = points.find(x);
      values.push_back(found == points.end() ? nlohmann::json() : nlohmann::json(found->second));
    }
    lines.push_back({{"name", readable_text(line.name)},
                     {"color", line.color % kReportColors},
                     {"dashed", line.dashed},
                     {"unscaled", line.unscaled},
                     {"values", values}});
  }
  return {{"id", plot.id}, {"x_label", plot.x_label}, {"y_label", plot.y_label}, {"x", all}, {"lines", lines}};
}

std::vector<Plot> all_plots(const ReportContext& context) {
  constexpr const char* kAbout =
      "Solid: validation; dashed: train; the mark: test, with the weights that were best on validation.";
  Plot nll{"plot-nll", context.classifies ? "Cross-entropy" : "Negative log-likelihood bound", "epoch", "nats", kAbout,
           {}};
  Plot reconstruction{
      "plot-reconstruction", "Reconstruction, the bound's part from the pixels", "epoch", "nats", kAbout, {}};
  Plot kl{"plot-kl", "KL divergence, the bound's part from the latents", "epoch", "nats", kAbout, {}};
  Plot error{"plot-error", "Wrong labels", "epoch", "%", kAbout, {}};
  Plot glimpses{"plot-glimpses",
                "Nats that each glimpse's latent carries, on the test split",
                "glimpse",
                "nats",
                "With the weights that were best on validation.",
                {}};
  for (std::size_t i = 0; i < context.shown; ++i) {
    const ReportCell& cell = context.cells[i];
    const CellCurves curves = curves_of(context.store, cell.group);
    const auto add = [&](Plot& plot, Quantity quantity, double factor) {
      for (const Split split : {Split::validation, Split::train, Split::test}) {
        const auto found = curves.find({split, quantity});
        if (found == curves.end()) continue;
        const bool is_validation = split == Split::validation;
        plot.lines.push_back(line_of(found->second,
                                     cell.group.label + (is_validation ? "" : std::string(", ") + split_name(split)),
                                     cell.color, !is_validation, factor));
        // The value of untrained weights would press all later ones together.
        if (split == Split::train) plot.lines.back().unscaled = 1;
      }
    };
    add(nll, Quantity::nll, 1);
    if (!context.classifies) add(reconstruction, Quantity::reconstruction, 1);
    if (!context.classifies) add(kl, Quantity::kl, 1);
    add(error, Quantity::error, 100);
    PlotLine line = glimpse_line(curves, cell);
    if (!line.points.empty()) glimpses.lines.push_back(std::move(line));
  }
  std::vector<Plot> plots;
  for (Plot* plot : {&nll, &reconstruction, &kl, &error, &glimpses}) {
    if (!plot->lines.empty()) plots.push_back(std::move(*plot));
  }
  return plots;
}

}  // namespace

mustache::data plots_section(const ReportContext& context, std::string& json) {
  mustache::list list;
  nlohmann::json interactive = nlohmann::json::array();
  for (const Plot& plot : all_plots(context)) {
    list.push_back(drawn(plot));
    interactive.push_back(plain_data(plot));
  }
  json = interactive.dump();
  // Inside a script element only `<` could end it.
  for (std::size_t at = 0; (at = json.find('<', at)) != std::string::npos;) json.replace(at, 1, "\\u003c");
  mustache::list key;
  for (std::size_t i = 0; i < context.shown; ++i) set_cell(key.emplace_back(), context.cells[i]);
  return mustache::object{{"any", !list.empty()}, {"key", key}, {"list", list}};
}

}  // namespace drawlab::results
