#include "drawlab/ops.hpp"

#include "conformance/behaviour.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::conformance {

namespace {

constexpr int kSteps = 80;
constexpr double kRate = 0.02;

/// Adam (Kingma & Ba 2015) on plain vectors.
class Adam {
 public:
  explicit Adam(std::size_t count) : first_(count), second_(count) {}

  void step(std::span<double> numbers, std::span<const double> gradient) {
    constexpr double kBeta1 = 0.9;
    constexpr double kBeta2 = 0.999;
    ++steps_;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      first_[i] = kBeta1 * first_[i] + (1 - kBeta1) * gradient[i];
      second_[i] = kBeta2 * second_[i] + (1 - kBeta2) * gradient[i] * gradient[i];
      const double mean = first_[i] / (1 - std::pow(kBeta1, steps_));
      const double square = second_[i] / (1 - std::pow(kBeta2, steps_));
      numbers[i] -= kRate * mean / (std::sqrt(square) + 1e-8);
    }
  }

 private:
  std::vector<double> first_;
  std::vector<double> second_;
  int steps_ = 0;
};

}  // namespace

void check_learning(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  bool learned = false;
  for (const Trial& trial : trials) {
    Subject teacher(plugin, trial);
    teacher.randomise(0.5, 11);
    Subject pupil(plugin, trial);
    pupil.randomise(0.5, 12);
    if (pupil.store().count() == 0) continue;
    const Inputs inputs = random_inputs(trial, 3, 1);
    const Outcome wanted = teacher.run(inputs, Precision::f64, false);

    Tape tape(pupil.store(), Precision::f64);
    const std::span<double> numbers = pupil.store().doubles();
    std::vector<double> gradient(numbers.size());
    Adam adam(numbers.size());
    double first = 0;
    double least = 0;
    for (int step = 0; step <= kSteps; ++step) {
      tape.reset();
      std::optional<Window> window;
      const Value found = pupil.call(Subject::place(tape, inputs, false), window);
      if (!found.node()->needs_gradient) break;
      const Value error = found - tape.input(found.shape(), std::span<const double>(wanted.value));
      const Value squares = reshape(error * error, {1, error.shape().count()});
      const Value loss = affine(sum_rows(squares), 1.0 / static_cast<double>(error.shape().count()), 0);
      const double now = tape.number(loss);
      if (step == 0) first = least = now;
      least = std::min(least, now);
      if (!std::isfinite(now)) {
        findings.fail(trial.text() + ": the loss is " + number_text(now) + " after " + std::to_string(step) + " steps");
        return;
      }
      tape.backward(loss, std::span<double>(gradient));
      adam.step(numbers, gradient);
    }
    if (first == 0) continue;
    learned = true;
    if (least > 0.9 * first) {
      findings.fail(trial.text() + ": " + std::to_string(kSteps) + " steps of Adam bring the mean squared error from " +
                    number_text(first) + " no lower than " + number_text(least) + ", need nine tenths or less");
    }
  }
  if (!learned && findings.failures().empty()) findings.skip("the mode has no parameters");
}

}  // namespace drawlab::conformance
