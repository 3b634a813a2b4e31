#include "conformance/gradients.hpp"

#include "drawlab/random.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::conformance {

namespace {

constexpr std::int64_t kRows = 2;
constexpr std::size_t kCoordinates = 48;
constexpr double kStep = 2e-6;
/// Of the array's norm, and for an array that has little to say of a hundredth of the whole gradient's.
constexpr double kTolerance = 1e-5;
constexpr double kSmall = 1e-2;

/// One array's gradient by both ways, at the places that were looked at.
struct Comparison {
  std::string name;
  std::vector<std::size_t> places;
  std::vector<double> tape;
  std::vector<double> differences;
};

/// All places of a small array, or as many as are looked at of a large one.
std::vector<std::size_t> places_of(std::size_t count, std::uint64_t stream) {
  std::vector<std::size_t> places;
  if (count <= kCoordinates) {
    for (std::size_t i = 0; i < count; ++i) places.push_back(i);
    return places;
  }
  Random random(stream, Purpose::data, count);
  while (places.size() < kCoordinates) places.push_back(random.below(static_cast<std::uint32_t>(count)));
  return places;
}

/// Gradients of one subject at one point.
class Point {
 public:
  Point(const ReadWritePlugin& plugin, const Trial& trial, std::uint64_t stream)
      : subject_(plugin, trial), inputs_(random_inputs(trial, kRows, stream)), stream_(stream) {
    subject_.randomise(0.5, stream);
  }

  std::vector<Comparison> compare() {
    const Outcome outcome = subject_.run(inputs_, Precision::f64);
    Tape tape(subject_.store(), Precision::f64);
    std::vector<Comparison> comparisons;
    for (std::size_t i = 0; i < inputs_.arrays.size(); ++i) {
      const char* const names[] = {"the state", "image 1", "image 2"};
      comparisons.push_back(along(names[std::min<std::size_t>(i, 2)], inputs_.arrays[i], outcome.inputs[i], tape));
    }
    ParameterStore& store = subject_.store();
    for (std::size_t i = 0; i < store.count(); ++i) {
      const auto numbers = store.doubles().subspan(static_cast<std::size_t>(store.offset(i)),
                                                   static_cast<std::size_t>(store.shape(i).count()));
      comparisons.push_back(
          along("parameter " + store.name(i), numbers, of_parameter(store, i, outcome.parameters), tape));
    }
    return comparisons;
  }

 private:
  Comparison along(std::string name, std::span<double> numbers, std::span<const double> gradient, Tape& tape) {
    Comparison comparison{std::move(name), places_of(numbers.size(), stream_), {}, {}};
    for (const std::size_t place : comparison.places) {
      const double held = numbers[place];
      numbers[place] = held + kStep;
      const double above = subject_.reduced(tape, inputs_);
      numbers[place] = held - kStep;
      const double below = subject_.reduced(tape, inputs_);
      numbers[place] = held;
      comparison.tape.push_back(gradient[place]);
      comparison.differences.push_back((above - below) / (2 * kStep));
    }
    return comparison;
  }

  Subject subject_;
  Inputs inputs_;
  std::uint64_t stream_;
};

double whole_norm(const std::vector<Comparison>& comparisons) {
  double squares = 0;
  for (const Comparison& comparison : comparisons) squares += std::pow(norm(comparison.differences), 2);
  return std::sqrt(squares);
}

bool is_wrong(const Comparison& comparison, double whole) {
  const double allowed = kTolerance * std::max(norm(comparison.differences), kSmall * whole);
  return !(distance(comparison.tape, comparison.differences) <= allowed);  // not-a-number is wrong too
}

/// The place where both ways differ most, and by how much.
std::string worst(const Comparison& comparison) {
  std::size_t at = 0;
  double largest = -1;
  for (std::size_t i = 0; i < comparison.places.size(); ++i) {
    const double error = std::abs(comparison.tape[i] - comparison.differences[i]);
    if (!(error <= largest)) {
      largest = error;
      at = i;
    }
    if (std::isnan(error)) break;
  }
  return "the gradient of " + comparison.name + " at number " + std::to_string(comparison.places[at]) + " is " +
         number_text(comparison.tape[at]) + ", finite differences give " + number_text(comparison.differences[at]) +
         " (error " + number_text(distance(comparison.tape, comparison.differences)) + ", norm " +
         number_text(norm(comparison.differences)) + ")";
}

std::vector<double> numbers_of(const std::vector<WindowBox>& windows) {
  std::vector<double> numbers;
  for (const WindowBox& w : windows) {
    numbers.insert(numbers.end(), {w.center_x, w.center_y, w.row_x, w.row_y, w.column_x, w.column_y, w.sigma});
  }
  return numbers;
}

void compare_outcomes(const std::string& place, const char* what, const Subject& subject, const Outcome& a,
                      const Outcome& b, double tolerance, Findings& findings) {
  const auto expect = [&](const std::string& name, std::span<const double> left, std::span<const double> right,
                          double least) {
    const double error = distance(left, right);
    const double allowed = tolerance * std::max(norm(right), least);
    if (error <= allowed) return;
    findings.fail(place + ": " + name + " differs between " + what + ": error " + number_text(error) + ", norm " +
                  number_text(norm(right)) + ", allowed " + number_text(allowed));
  };
  if (a.value.size() != b.value.size()) {
    findings.fail(place + ": the result has shape " + a.shape.text() + " in one of " + what + " and " + b.shape.text() +
                  " in the other");
    return;
  }
  expect("the result", a.value, b.value, 1e-6);
  double whole = norm(b.parameters);
  for (const auto& input : b.inputs) whole = std::max(whole, norm(input));
  for (std::size_t i = 0; i < a.inputs.size(); ++i) {
    expect(i == 0 ? "the gradient of the state" : "the gradient of image " + std::to_string(i), a.inputs[i],
           b.inputs[i], kSmall * whole);
  }
  for (std::size_t i = 0; i < subject.store().count(); ++i) {
    expect("the gradient of " + subject.store().name(i), of_parameter(subject.store(), i, a.parameters),
           of_parameter(subject.store(), i, b.parameters), kSmall * whole);
  }
}

}  // namespace

void check_gradients(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  for (const Trial& trial : trials) {
    const std::vector<Comparison> first = Point(plugin, trial, 1).compare();
    const double whole = whole_norm(first);
    if (whole == 0) {
      findings.fail(trial.text() + ": the result depends neither on the inputs nor on a parameter");
      continue;
    }
    std::vector<std::vector<Comparison>> more;
    for (std::size_t i = 0; i < first.size(); ++i) {
      if (!is_wrong(first[i], whole)) continue;
      if (more.empty()) more = {Point(plugin, trial, 2).compare(), Point(plugin, trial, 3).compare()};
      const bool again = is_wrong(more[0][i], whole_norm(more[0])) || is_wrong(more[1][i], whole_norm(more[1]));
      if (again) findings.fail(trial.text() + ": " + worst(first[i]));
    }
  }
}

void check_precisions(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  constexpr double kTolerated = 2e-4;
  for (const Trial& trial : trials) {
    const auto subject = random_subject(plugin, trial);
    const Inputs inputs = random_inputs(trial, kRows, 1);
    compare_outcomes(trial.text(), "f32 and f64", *subject, subject->run(inputs, Precision::f32),
                     subject->run(inputs, Precision::f64), kTolerated, findings);
  }
}

void check_composed(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  bool found = false;
  for (const Trial& trial : trials) {
    const auto subject = random_subject(plugin, trial);
    const Inputs inputs = random_inputs(trial, kRows, 1);
    if (!subject->has_custom_op(inputs)) continue;
    found = true;
    for (const Precision precision : {Precision::f64, Precision::f32}) {
      const bool exact = precision == Precision::f64;
      const char* const what =
          exact ? "the fused and the composed form in f64" : "the fused and the composed form in f32";
      const Outcome fused = subject->run(inputs, precision);
      const Outcome composed = subject->run_composed(inputs, precision);
      compare_outcomes(trial.text(), what, *subject, fused, composed, exact ? 1e-9 : 2e-4, findings);
      const std::vector<double> window = numbers_of(composed.windows);
      if (!(distance(numbers_of(fused.windows), window) <= 2e-4 * norm(window))) {
        findings.fail(trial.text() + ": the window differs between " + what);
      }
    }
  }
  if (!found) findings.skip("the mode has no custom_op, so there is one form only");
}

}  // namespace drawlab::conformance
