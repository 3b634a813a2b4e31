#include "conformance/behaviour.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::conformance {

namespace {

/// The shares of a sample's energy, Σ numbers², inside a rectangle of pixels and in all.
struct Energy {
  double inside = 0;
  double all = 0;
};

struct Rectangle {
  double left, right, top, bottom;  // pixel centres 1…A and 1…B
};

void add_energy(std::span<const double> image, const ImageShape& shape, const Rectangle& window, Energy& energy) {
  for (std::int64_t i = 0; i < shape.count(); ++i) {
    const auto x = static_cast<double>(i % shape.width + 1);
    const auto y = static_cast<double>(i / shape.width % shape.height + 1);
    const double square = image[static_cast<std::size_t>(i)] * image[static_cast<std::size_t>(i)];
    energy.all += square;
    if (x >= window.left && x <= window.right && y >= window.top && y <= window.bottom) energy.inside += square;
  }
}

/// What a sample looks at (the image gradients' energy) or writes (the update's), inside the window and in all.
Energy energy_of(const Outcome& outcome, const Trial& trial, std::size_t sample, const Rectangle& window) {
  const auto size = static_cast<std::size_t>(trial.image.count());
  Energy energy;
  if (trial.half == Half::write) {
    add_energy(std::span(outcome.value).subspan(sample * size, size), trial.image, window, energy);
  }
  for (std::size_t i = 1; i < outcome.inputs.size(); ++i) {
    add_energy(std::span(outcome.inputs[i]).subspan(sample * size, size), trial.image, window, energy);
  }
  return energy;
}

}  // namespace

void check_windows(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  constexpr std::int64_t kRows = 8;
  std::int64_t windows = 0;
  for (const Trial& trial : trials) {
    const auto subject = random_subject(plugin, trial);
    const Outcome outcome = subject->run(random_inputs(trial, kRows, 3), Precision::f64);
    if (outcome.window.empty()) continue;
    if (!(outcome.window_shape == Shape{kRows, 4}) || outcome.window_filters < 1) {
      findings.fail(trial.text() + ": the window has shape " + outcome.window_shape.text() + " and " +
                    std::to_string(outcome.window_filters) + " filters, need " + Shape{kRows, 4}.text() +
                    " and 1 or more");
      continue;
    }
    Energy energy;
    for (std::size_t sample = 0; sample < static_cast<std::size_t>(kRows); ++sample) {
      const double* const numbers = outcome.window.data() + 4 * sample;
      const double x = numbers[0];
      const double y = numbers[1];
      const double spacing = numbers[2];
      const double width = numbers[3];
      if (!(spacing >= 0) || !(width >= 0) || !std::isfinite(x + y + spacing + width)) {
        findings.fail(trial.text() + ": a window's spacing is " + number_text(spacing) + " and its width " +
                      number_text(width) + ", need 0 or more");
        continue;
      }
      const bool centred = x >= 1 && x <= static_cast<double>(trial.image.width) && y >= 1 &&
                           y <= static_cast<double>(trial.image.height);
      if (!centred) continue;  // filters beyond the edge see what is nearest
      // Turned windows reach farther than their sides; filters reach some widths, and never less than a pixel.
      const double reach =
          static_cast<double>(outcome.window_filters - 1) / 2 * spacing * std::sqrt(2.0) + 3 * width + 1;
      const Energy part = energy_of(outcome, trial, sample, {x - reach, x + reach, y - reach, y + reach});
      energy.inside += part.inside;
      energy.all += part.all;
      ++windows;
    }
    if (energy.inside < 0.5 * energy.all) {
      findings.fail(trial.text() + ": only " + number_text(100 * energy.inside / energy.all) + " % of what is " +
                    (trial.half == Half::read ? "looked at" : "written") +
                    " lies inside the windows shown, need half or more");
    }
  }
  if (windows == 0 && findings.failures().empty()) findings.skip("the mode shows no window on the image");
}

}  // namespace drawlab::conformance
