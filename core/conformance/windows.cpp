#include "conformance/behaviour.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace drawlab::conformance {

namespace {

/// The shares of a sample's energy, Σ numbers², inside a rectangle of pixels and in all.
struct Energy {
  double inside = 0;
  double all = 0;
};

/// Adds one image's energy. Filters reach some widths beyond the sides of their window, and never less than a pixel.
void add_energy(std::span<const double> image, const ImageShape& shape, const WindowBox& box,
                const std::array<WindowSide, 2>& sides, Energy& energy) {
  const double margin = 3 * double{box.sigma} + 1;
  for (std::int64_t i = 0; i < shape.count(); ++i) {
    const double x = static_cast<double>(i % shape.width + 1) - box.center_x;
    const double y = static_cast<double>(i / shape.width % shape.height + 1) - box.center_y;
    const double square = image[static_cast<std::size_t>(i)] * image[static_cast<std::size_t>(i)];
    energy.all += square;
    const bool inside = std::ranges::all_of(sides, [&](const WindowSide& side) {
      return std::abs(side.normal_x * x + side.normal_y * y) <= side.distance + margin;
    });
    if (inside) energy.inside += square;
  }
}

/// What a sample looks at (the image gradients' energy) or writes (the update's), inside the window and in all.
Energy energy_of(const Outcome& outcome, const Trial& trial, std::size_t sample) {
  const auto size = static_cast<std::size_t>(trial.image.count());
  const WindowBox& box = outcome.windows[sample];
  const auto sides = sides_of(box, outcome.window_filters);
  Energy energy;
  if (trial.half == Half::write) {
    add_energy(std::span(outcome.value).subspan(sample * size, size), trial.image, box, sides, energy);
  }
  for (std::size_t i = 1; i < outcome.inputs.size(); ++i) {
    add_energy(std::span(outcome.inputs[i]).subspan(sample * size, size), trial.image, box, sides, energy);
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
    if (outcome.windows.empty()) continue;
    Energy energy;
    for (std::size_t sample = 0; sample < outcome.windows.size(); ++sample) {
      const WindowBox& box = outcome.windows[sample];
      if (!(box.sigma >= 0)) {
        findings.fail(trial.text() + ": a window's width is " + number_text(box.sigma) + ", need 0 or more");
        continue;
      }
      const bool centred = box.center_x >= 1 && box.center_x <= static_cast<float>(trial.image.width) &&
                           box.center_y >= 1 && box.center_y <= static_cast<float>(trial.image.height);
      if (!centred) continue;  // filters beyond the edge see the pixels nearest to them
      const Energy part = energy_of(outcome, trial, sample);
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
