#include "runner/data/meter.hpp"

#include "system/terminal.hpp"
#include "system/text.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <utility>

namespace drawlab::runner {

Meter::Meter(std::string what, std::ostream& out, bool is_terminal)
    : what_(std::move(what)), out_(out), is_terminal_(is_terminal) {}

Meter::~Meter() {
  if (is_terminal_ && shown_) out_ << "\r\033[K" << std::flush;
}

void Meter::at(double share) {
  if (since_last_.seconds() < (is_terminal_ ? (shown_ ? 0.2 : 1.0) : 10.0)) return;
  since_last_.restart();
  const double spent = since_start_.seconds();
  const std::string rest = share > 0 ? ", " + duration_text(spent * (1 - share) / share) + " to go" : "";
  out_ << (is_terminal_ ? "\r" : "") << fmt::format("{}: {:.0f} %{}", what_, 100 * share, rest)
       << (is_terminal_ ? "\033[K" : "\n") << std::flush;
  shown_ = true;
}

OpeningProgress opening_meter() {
  struct Shown {
    std::string what;
    std::unique_ptr<Meter> meter;
  };
  return [shown = std::make_shared<Shown>()](const std::string& what, double share) {
    if (shown->meter == nullptr || shown->what != what) {
      shown->meter.reset();
      shown->what = what;
      shown->meter = std::make_unique<Meter>(what, std::cerr, animated_terminal());
    }
    shown->meter->at(share);
  };
}

}  // namespace drawlab::runner
