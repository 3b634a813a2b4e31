#include "conformance/behaviour.hpp"

#include "drawlab/error.hpp"

#include "conformance/at_once.hpp"
#include "engine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>

namespace drawlab::conformance {

namespace {

std::string rows_text(std::int64_t rows) { return std::to_string(rows) + (rows == 1 ? " sample" : " samples"); }

Shape expected_shape(const Subject& subject, std::int64_t rows) {
  const Trial& trial = subject.trial();
  if (trial.half == Half::read) return {rows, subject.patch_size()};
  return {rows, trial.image.channels, trial.image.height, trial.image.width};
}

/// The first number in which two results differ, as a sentence's end.
std::string first_difference(const Outcome& a, const Outcome& b) {
  const auto in = [](const char* what, const std::vector<double>& x, const std::vector<double>& y) -> std::string {
    if (x.size() != y.size()) return std::string(what) + " has another size";
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!(x[i] == y[i])) {
        return std::string(what) + " number " + std::to_string(i) + " is " + number_text(y[i]) + " instead of " +
               number_text(x[i]) + " (difference " + number_text(y[i] - x[i]) + ")";
      }
    }
    return {};
  };
  std::string text = in("result", a.value, b.value);
  if (text.empty() && a.windows != b.windows) text = "the window is another";
  for (std::size_t i = 0; i < std::min(a.inputs.size(), b.inputs.size()) && text.empty(); ++i) {
    text = in("gradient of an input,", a.inputs[i], b.inputs[i]);
  }
  if (text.empty()) text = in("gradient of the parameters,", a.parameters, b.parameters);
  return text.empty() ? "shapes differ" : text;
}

/// Whether two ways to make a mode differ in their parameters at first, or in what a call with equal parameters gives.
/// One that the mode refuses shows no difference.
bool differ(const ReadWritePlugin& plugin, const Trial& a, const Trial& b) {
  try {
    const auto first = random_subject(plugin, a);
    const auto second = random_subject(plugin, b);
    if (first->store().padded_count() != second->store().padded_count()) return true;
    const Inputs inputs = random_inputs(a, 2, 1);
    if (!(first->run(inputs, Precision::f64) == second->run(inputs, Precision::f64))) return true;
    for (Subject* const subject : {first.get(), second.get()}) subject->store().initialise(1);
    return !std::ranges::equal(first->store().values(), second->store().values());
  } catch (const ConfigError&) {
    return false;
  }
}

bool is_finite(const WindowBox& box) {
  return std::isfinite(box.center_x + box.center_y + box.row_x + box.row_y + box.column_x + box.column_y + box.sigma);
}

bool finite(const std::vector<double>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double number) { return std::isfinite(number); });
}

/// What is wrong when several threads call one mode for a while, each with batches of both sizes by turns, as a
/// sentence's end; empty where nothing is.
std::string trouble_on_threads(const Subject& subject, const std::array<Inputs, 2>& inputs,
                               const std::array<Outcome, 2>& expected) {
  return trouble_at_once([&](std::size_t thread, std::size_t i) -> std::string {
    use_one_product_thread();
    const std::size_t which = (thread + i) % inputs.size();
    const Outcome outcome = subject.run(inputs[which], Precision::f32);
    return outcome == expected[which] ? "" : ", " + first_difference(expected[which], outcome);
  });
}

}  // namespace

void check_shapes(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  for (const Trial& trial : trials) {
    const auto subject = random_subject(plugin, trial);
    if (trial.half == Half::read && subject->patch_size() < 1) {
      findings.fail(trial.text() + ": patch_size() is " + std::to_string(subject->patch_size()) + ", need 1 or more");
      continue;
    }
    for (const std::int64_t rows : {1, 3}) {
      const Outcome outcome = subject->run(random_inputs(trial, rows, 1), Precision::f32, false);
      const Shape expected = expected_shape(*subject, rows);
      if (!(outcome.shape == expected)) {
        findings.fail(trial.text() + ", " + rows_text(rows) + ": the result has shape " + outcome.shape.text() +
                      ", need " + expected.text());
      }
    }
  }
}

void check_options_matter(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  const bool reads = trials.front().half == Half::read;
  const auto options = reads ? plugin.read_options() : plugin.write_options();
  const std::vector<Variant> variants = changes(options->table());
  if (variants.empty()) {
    findings.skip("the mode has no option that changes the result");
    return;
  }
  std::vector<Trial> standards;
  std::copy_if(trials.begin(), trials.end(), std::back_inserter(standards),
               [](const Trial& trial) { return trial.variant.option.empty(); });
  const auto matters = [&](const Variant& variant, const std::optional<Variant>& beside) {
    return std::any_of(standards.begin(), standards.end(), [&](Trial trial) {
      Trial changed = trial;
      changed.variant = variant;
      if (beside) {
        trial.variant = *beside;
        changed.variant = both(*beside, variant);
      }
      return differ(plugin, trial, changed);
    });
  };
  for (const Variant& variant : variants) {
    const bool found =
        matters(variant, std::nullopt) || std::any_of(variants.begin(), variants.end(), [&](const Variant& other) {
          return other.option != variant.option && matters(variant, other);
        });
    if (found) continue;
    findings.fail(variant.label +
                  " changes nothing: first parameters, result, gradients and window are those without " +
                  "it, whatever else is set; is it read under another name? (an option that can never change a " +
                  "result, such as a path, is declared with not_part_of_identity)");
  }
}

void check_batches(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  constexpr double kTolerance = 1e-9;
  constexpr std::array<std::int64_t, 3> kOrder = {2, 0, 1};
  for (const Trial& trial : trials) {
    const auto subject = random_subject(plugin, trial);
    const Inputs inputs = random_inputs(trial, 3, 1);
    const Outcome batch = subject->run(inputs, Precision::f64, false);
    const auto expect = [&](const Outcome& other, std::size_t row, std::int64_t sample, const std::string& how) {
      const auto size = static_cast<std::size_t>(batch.shape.row_size());
      if (other.value.size() < (row + 1) * size) return;  // the check of shapes says that
      const auto here = std::span(other.value).subspan(row * size, size);
      const auto there = std::span(batch.value).subspan(static_cast<std::size_t>(sample) * size, size);
      const double error = distance(here, there);
      if (error <= kTolerance * std::max(norm(there), 1e-6)) return;
      findings.fail(trial.text() + ": sample " + std::to_string(sample) + " of 3 gives another result " + how +
                    ": error " + number_text(error) + ", norm " + number_text(norm(there)));
    };
    const Outcome permuted = subject->run(inputs.picked(kOrder), Precision::f64, false);
    for (std::size_t row = 0; row < kOrder.size(); ++row) expect(permuted, row, kOrder[row], "in another order");
    for (const std::int64_t sample : kOrder) {
      expect(subject->run(inputs.picked(std::span(&sample, 1)), Precision::f64, false), 0, sample, "alone");
    }
  }
}

void check_repeats(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  for (const Trial& trial : trials) {
    const auto subject = random_subject(plugin, trial);
    const std::array<Inputs, 2> inputs = {random_inputs(trial, 3, 1), random_inputs(trial, 2, 2)};
    const std::array<Outcome, 2> expected = {subject->run(inputs[0], Precision::f32),
                                             subject->run(inputs[1], Precision::f32)};
    const auto expect = [&](const Outcome& found, const Outcome& wanted, const std::string& how) {
      if (!(found == wanted)) findings.fail(trial.text() + ": " + how + ", " + first_difference(wanted, found));
    };
    expect(subject->run(inputs[0], Precision::f32), expected[0], "the same call after another one");
    expect(random_subject(plugin, trial)->run(inputs[0], Precision::f32), expected[0], "in a second object");
    Outcome quiet = subject->run(inputs[0], Precision::f32, false);
    quiet.inputs = expected[0].inputs;
    quiet.parameters = expected[0].parameters;
    expect(quiet, expected[0], "on a tape that does not record");
    const std::string trouble = trouble_on_threads(*subject, inputs, expected);
    if (!trouble.empty()) findings.fail(trial.text() + ": on several threads at once" + trouble);
  }
}

void check_extremes(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  for (const Trial& trial : trials) {
    for (const double bound : {0.0, 1e-4, 10.0, 100.0, 1e4}) {
      Subject subject(plugin, trial);
      subject.randomise(bound, 7);
      for (const bool still : {false, true}) {
        Inputs inputs = random_inputs(trial, 3, 5);
        if (still) std::fill(inputs.arrays[0].begin(), inputs.arrays[0].end(), 0.0);
        const Outcome outcome = subject.run(inputs, Precision::f32);
        const std::string place = trial.text() + ", parameters within ±" + number_text(bound) +
                                  (still ? ", state 0" : ", state within ±1") + ": ";
        if (!finite(outcome.value)) findings.fail(place + "the result is not finite; hold what goes into exp()");
        if (!std::ranges::all_of(outcome.windows, is_finite)) findings.fail(place + "the window is not finite");
        bool gradients = finite(outcome.parameters);
        for (const auto& input : outcome.inputs) gradients = gradients && finite(input);
        if (!gradients) findings.fail(place + "a gradient is not finite");
      }
    }
  }
}

void check_parameters(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  for (const Trial& trial : trials) {
    const auto subject = random_subject(plugin, trial);
    ParameterStore& store = subject->store();
    const std::size_t count = store.count();
    const Inputs inputs = random_inputs(trial, 2, 1);
    const Outcome expected = subject->run(inputs, Precision::f32);
    if (store.count() != count) {
      findings.fail(trial.text() + ": a call adds parameters, the first '" + store.name(count) +
                    "'; create them in the constructor");
      continue;
    }
    // As a checkpoint does: numbers by name into an object that is made anew.
    Subject other(plugin, trial);
    ParameterStore& fresh = other.store();
    bool same = fresh.count() == count;
    for (std::size_t i = 0; same && i < count; ++i) {
      same = fresh.name(i) == store.name(i) && fresh.shape(i) == store.shape(i);
      if (same) std::ranges::copy(store.values_of(store.at(i)), fresh.values_of(fresh.at(i)).begin());
    }
    if (!same) {
      findings.fail(trial.text() + ": a second object has other parameters than the first");
    } else if (!(other.run(inputs, Precision::f32) == expected)) {
      findings.fail(trial.text() + ": with the parameters of another object, " +
                    first_difference(expected, other.run(inputs, Precision::f32)));
    }
  }
}

}  // namespace drawlab::conformance
