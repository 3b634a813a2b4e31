#include "runner/schedule/progress.hpp"

#include "system/stopwatch.hpp"
#include "system/terminal.hpp"
#include "system/text.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string_view>
#include <vector>

namespace drawlab::runner {
namespace {

using Event = CellMessage::Event;
using results::Status;

// A long epoch gets a line now and then.
constexpr double kQuietSeconds = 30;

/// A cell in training: its latest message, and when it may be done.
struct Running {
  CellMessage last;
  Stopwatch started;
  Stopwatch counted;  // since the first step of this session was reported
  std::int64_t first_step = -1;
  Stopwatch spoken;

  void take(const CellMessage& message) {
    if (message.event == Event::progress && first_step < 0) {
      first_step = message.total_step;
      counted.restart();
    }
    const double rate = message.event == Event::progress ? message.samples_per_second : last.samples_per_second;
    const std::int64_t steps = message.event == Event::progress ? message.steps : last.steps;
    last = message;
    last.samples_per_second = rate;
    last.steps = steps;
  }
  /// Seconds left at the mean pace of this session, including validation; not-a-number if not known yet.
  double remaining() const {
    const std::int64_t steps = last.total_step - first_step;
    if (first_step < 0 || steps <= 0 || last.total_step >= last.total_steps) return std::nan("");
    return counted.seconds() / static_cast<double>(steps) * static_cast<double>(last.total_steps - last.total_step);
  }
};

std::string numbers_text(const CellMessage& message) {
  std::string text =
      std::isfinite(message.loss) ? fmt::format("{:.{}f} nats", message.loss, message.loss < 10 ? 3 : 1) : "";
  if (std::isfinite(message.kl)) text += fmt::format(", KL {:.1f}", message.kl);
  return text;
}

std::string ended_text(const CellMessage& message, double seconds) {
  if (message.status == Status::done) return fmt::format("done in {}", duration_text(seconds));
  if (message.status == Status::stopped) return "stopped; the same command continues it";
  return fmt::format("{}: {}", results::status_name(message.status), message.text);
}

class Quiet final : public Progress {
 public:
  explicit Quiet(std::ostream& out) : out_(out) {}
  void notice(const std::string& text) override { out_ << text << std::endl; }
  void message(const CellName& cell, const CellMessage& message) override {
    if (message.event == Event::ended && message.status != Status::done) {
      out_ << cell.title << ": " << ended_text(message, 0) << std::endl;
    }
    if (message.event == Event::notice || message.event == Event::left) {
      out_ << cell.title << ": " << message.text << std::endl;
    }
  }

 private:
  std::ostream& out_;
};

class Json final : public Progress {
 public:
  explicit Json(std::ostream& out) : out_(out) {}
  void notice(const std::string& text) override {
    CellMessage message;
    message.text = text;
    out_ << message.line() << std::endl;
  }
  void message(const CellName& cell, const CellMessage& message) override {
    ConfigNode node = message.tree();
    node.set("run", ConfigNode::integer(cell.run));
    node.set("label", ConfigNode::text(cell.title));
    out_ << to_json(node) << std::endl;
  }

 private:
  std::ostream& out_;
};

class Plain final : public Progress {
 public:
  Plain(std::ostream& out, std::size_t cells) : out_(out), cells_(cells) {}

  void notice(const std::string& text) override { out_ << text << std::endl; }

  void message(const CellName& cell, const CellMessage& message) override {
    Running& running = running_[cell.run];
    running.take(message);
    switch (message.event) {
      case Event::started:
        say(cell, fmt::format("{} on {} thread{}", message.text, message.threads, message.threads == 1 ? "" : "s"));
        break;
      case Event::epoch: {
        const double rest = running.remaining();
        say(cell, fmt::format("epoch {}/{}: validation {}{}{}", message.epoch, message.epochs, numbers_text(message),
                              running.last.samples_per_second > 0
                                  ? fmt::format(", {:.0f} samples/s", running.last.samples_per_second)
                                  : "",
                              std::isfinite(rest) && rest >= 1 ? ", " + duration_text(rest) + " to go" : ""));
        break;
      }
      case Event::notice:
      case Event::left:
        say(cell, message.text);
        break;
      case Event::ended:
        if (message.status != Status::stopped) ++ended_;
        say(cell, ended_text(message, running.started.seconds()));
        running_.erase(cell.run);
        break;
      case Event::progress:
        if (running.spoken.seconds() < kQuietSeconds) return;
        say(cell, fmt::format("epoch {}/{}, step {}/{}: {}", message.epoch, message.epochs, message.step, message.steps,
                              numbers_text(message)));
        break;
    }
    if (message.event != Event::ended) running_[cell.run].spoken.restart();
  }

 private:
  void say(const CellName& cell, const std::string& text) {
    out_ << fmt::format("[{}/{}] {}: {}", ended_, cells_, cell.title, text) << std::endl;
  }

  std::ostream& out_;
  std::size_t cells_;
  std::size_t ended_ = 0;
  std::map<results::RunId, Running> running_;
};

/// One line per running cell, redrawn in place; ended cells scroll away above.
class Bars final : public Progress {
 public:
  Bars(std::ostream& out, std::size_t cells) : out_(out), cells_(cells), colour_(std::getenv("NO_COLOR") == nullptr) {}
  ~Bars() override { clear(); }

  void notice(const std::string& text) override {
    clear();
    out_ << text << '\n';
    draw();
  }

  void message(const CellName& cell, const CellMessage& message) override {
    Running& running = running_[cell.run];
    titles_[cell.run] = cell.title;
    if (message.event == Event::notice || message.event == Event::left) {
      notice(cell.title + ": " + message.text);
      return;
    }
    running.take(message);
    if (message.event != Event::ended) return;
    if (message.status != Status::stopped) ++ended_;
    clear();
    const bool good = message.status == Status::done;
    out_ << paint(good ? "\x1b[32m" : "\x1b[31m", cell.title + ": " + ended_text(message, running.started.seconds()))
         << '\n';
    running_.erase(cell.run);
    titles_.erase(cell.run);
    draw();
  }

  void tick() override {
    if (drawn_.seconds() < 0.2) return;
    clear();
    draw();
  }

 private:
  std::string paint(const char* code, const std::string& text) const {
    return colour_ ? std::string(code) + text + "\x1b[0m" : text;
  }

  static std::size_t width() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
  }

  void clear() {
    for (; lines_ > 0; --lines_) out_ << "\x1b[1A\x1b[2K";
    out_ << '\r' << std::flush;
  }

  void line(const std::string& text) {
    out_ << text.substr(0, width() - 1) << '\n';
    ++lines_;
  }

  void draw() {
    drawn_.restart();
    if (running_.empty()) return;
    std::size_t title_width = 0;
    for (const auto& [run, title] : titles_) title_width = std::max(title_width, title.size());
    for (const auto& [run, running] : running_) line(running_text(titles_[run], title_width, running));
    line(fmt::format("{} of {} done", ended_, cells_));
    out_ << std::flush;
  }

  /// The most important part comes first, since a narrow terminal cuts the rest.
  static std::string running_text(const std::string& title, std::size_t title_width, const Running& running) {
    const CellMessage& last = running.last;
    const double share =
        last.total_steps > 0 ? static_cast<double>(last.total_step) / static_cast<double>(last.total_steps) : 0;
    constexpr int kBarWidth = 20;
    const auto filled = static_cast<std::size_t>(std::clamp(static_cast<int>(share * kBarWidth), 0, kBarWidth));
    std::string text = fmt::format("{:<{}} [{}{}] {:3.0f} % ", title, title_width, std::string(filled, '#'),
                                   std::string(kBarWidth - filled, '.'), share * 100);
    const double rest = running.remaining();
    if (std::isfinite(rest)) text += duration_text(rest) + " to go, ";
    text += last.phase == Split::test ? "test" : fmt::format("epoch {}/{}", last.epoch, last.epochs);
    if (last.phase == Split::validation) text += ", validation";
    if (std::isfinite(last.loss) && last.total_step > 0) text += ", " + numbers_text(last);
    if (last.samples_per_second > 0) text += fmt::format(", {:.0f} samples/s", last.samples_per_second);
    return text;
  }

  std::ostream& out_;
  std::size_t cells_;
  bool colour_;
  std::size_t ended_ = 0;
  std::map<results::RunId, Running> running_;
  std::map<results::RunId, std::string> titles_;
  int lines_ = 0;
  Stopwatch drawn_;
};

}  // namespace

std::unique_ptr<Progress> make_progress(ProgressStyle style, std::ostream& out, std::size_t cells) {
  if (style == ProgressStyle::automatic) style = animated_terminal() ? ProgressStyle::bar : ProgressStyle::plain;
  switch (style) {
    case ProgressStyle::bar:
      return std::make_unique<Bars>(out, cells);
    case ProgressStyle::json:
      return std::make_unique<Json>(out);
    case ProgressStyle::none:
      return std::make_unique<Quiet>(out);
    default:
      return std::make_unique<Plain>(out, cells);
  }
}

}  // namespace drawlab::runner
