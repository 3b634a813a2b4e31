#include "runner/schedule/run_lines.hpp"

#include "results/display_width.hpp"
#include "results/format.hpp"
#include "runner/schedule/history.hpp"
#include "system/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace drawlab::runner {
namespace {

using results::RunRow;

constexpr std::array<const char*, 8> kBars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::size_t kCurveWidth = 16;
constexpr std::size_t kBarWidth = 10;

/// The order of the lines: running, interrupted and pending runs first, then finished ones.
int rank(const RunRow& run) {
  if (run.status == results::Status::running && !run.interrupted) return 0;
  if (run.interrupted) return 1;
  if (run.status == results::Status::pending) return 2;
  return run.status == results::Status::done ? 4 : 3;
}

/// At most `width` columns of the text, without control characters.
std::string cut(const std::string& given, std::size_t width) {
  const std::string text = results::terminal_text(given);
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    const std::string letter = text.substr(at, end - at);
    if (results::display_width(kept + letter) > width) break;
    kept += letter;
    at = end;
  }
  return kept;
}

std::vector<double> validation_curve(const results::Store& store, results::RunId run) {
  std::vector<double> values;
  for (const auto& [epoch, name, value] : store.metrics(run)) {
    if (name == MetricName{Split::validation, Quantity::nll}) values.push_back(value);
  }
  return values;
}

std::string time_text(const RunRow& run, std::int64_t epochs) {
  if (run.seconds <= 0) return "";
  std::string text = duration_text(run.seconds);
  if (rank(run) == 0 && run.epochs > 0 && run.epochs < epochs) {
    const double rest = run.seconds / static_cast<double>(run.epochs) * static_cast<double>(epochs - run.epochs);
    text += ", about " + duration_text(rest) + " to go";
  }
  return text;
}

std::string run_line(const results::Store& store, const RunRow& run, std::size_t width) {
  const std::int64_t epochs = run.configuration().epochs();
  const double share = epochs > 0 ? static_cast<double>(run.epochs) / static_cast<double>(epochs) : 0;
  const std::vector<double> curve = validation_curve(store, run.id);
  std::string bars = sparkline(curve, kCurveWidth);
  bars += std::string(kCurveWidth - results::display_width(bars), ' ');
  const std::string bound = curve.empty() ? "" : fmt::format("{:.2f}", curve.back());
  std::string line = fmt::format("{:>4} {:<11} {} {:>3}/{:<3} {} {:>8}  ", run.id, state_text(run),
                                 share_bar(share, kBarWidth), run.epochs, epochs, bars, bound);
  line += run.label;
  if (const std::string time = time_text(run, epochs); !time.empty()) line += "  " + time;
  if (!run.error.empty()) line += "  " + run.error;
  return cut(line, width);
}

}  // namespace

std::string sparkline(std::span<const double> numbers, std::size_t width) {
  double low = 0;
  double high = 0;
  bool any = false;
  for (const double number : numbers) {
    if (!std::isfinite(number)) continue;
    low = any ? std::min(low, number) : number;
    high = any ? std::max(high, number) : number;
    any = true;
  }
  std::string line;
  const std::size_t shown = std::min(width, numbers.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t at = shown == 1 ? numbers.size() - 1 : i * (numbers.size() - 1) / (shown - 1);
    if (!std::isfinite(numbers[at])) {
      line += ' ';
      continue;
    }
    const double share = high > low ? (numbers[at] - low) / (high - low) : 0;
    line += kBars[std::min<std::size_t>(7, static_cast<std::size_t>(share * 8))];
  }
  return line;
}

std::string share_bar(double share, std::size_t width) {
  const auto full = static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(width)));
  std::string bar;
  for (std::size_t i = 0; i < width; ++i) bar += i < full ? "█" : "░";
  return bar;
}

std::string watch_text(const results::Store& store, const std::string& experiment, const Screen& screen) {
  std::vector<RunRow> runs = store.runs(experiment);
  std::stable_sort(runs.begin(), runs.end(), [](const RunRow& a, const RunRow& b) { return rank(a) < rank(b); });
  std::map<std::string, std::size_t> states;
  for (const RunRow& run : runs) ++states[state_text(run)];
  std::string head = fmt::format("{} run{}", runs.size(), runs.size() == 1 ? "" : "s");
  for (const auto& [state, count] : states) head += fmt::format(", {} {}", count, state);
  std::string text = cut(head, screen.width) + '\n';
  text += cut(fmt::format("{:>4} {:<11} {:<10} {:>7} {:<16} {:>8}  cell", "run", "state", "progress", "epochs",
                          "validation", "nats"),
              screen.width) +
          '\n';
  const std::size_t room = screen.height > 4 ? screen.height - 4 : 1;
  const std::size_t shown = std::min(room, runs.size());
  for (std::size_t i = 0; i < shown; ++i) text += run_line(store, runs[i], screen.width) + '\n';
  if (shown < runs.size()) text += fmt::format("and {} more\n", runs.size() - shown);
  return text;
}

bool is_training(const results::Store& store, const std::string& experiment) {
  const auto runs = store.runs(experiment);
  return std::any_of(runs.begin(), runs.end(), [](const RunRow& run) { return rank(run) == 0; });
}

bool has_more_to_train(const results::Store& store, const std::string& experiment) {
  const auto runs = store.runs(experiment);
  return std::any_of(runs.begin(), runs.end(), [](const RunRow& run) { return rank(run) <= 2; });
}

}  // namespace drawlab::runner
