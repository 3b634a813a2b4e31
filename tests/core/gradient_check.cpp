#include "gradient_check.hpp"

#include "drawlab/error.hpp"
#include "drawlab/ops.hpp"
#include "drawlab/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace drawlab::tests {

namespace {

constexpr double kStep = 1e-5;
constexpr std::uint64_t kWeights = 1'000'003;

std::vector<float> reduction_weights(std::int64_t count) {
  const Array weights = random_array({count}, kWeights, 0.25, 1.25);
  return {weights.numbers.begin(), weights.numbers.end()};
}

/// Σ weights·value as a loss.
Value reduced(Value value) {
  const std::int64_t count = value.shape().count();
  return weighted_sum(reshape(value, {count, 1}), reduction_weights(count));
}

std::vector<Value> place(Tape& tape, const std::vector<Array>& inputs) {
  std::vector<Value> values;
  for (const Array& input : inputs) {
    values.push_back(tape.input(input.shape, std::span<const double>(input.numbers), input.differentiable));
  }
  return values;
}

double norm(std::span<const double> numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number * number;
  return std::sqrt(sum);
}

double distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

/// The loss without gradients, for differences.
class Differences {
 public:
  Differences(const Function& function, std::vector<Array> inputs, ParameterStore& store)
      : function_(function), inputs_(std::move(inputs)), tape_(store, Precision::f64) {
    tape_.set_recording(false);
  }

  std::vector<double> input(std::size_t index) { return along(inputs_[index].numbers); }
  std::vector<double> along(std::span<double> numbers) {
    std::vector<double> gradient;
    for (double& number : numbers) {
      const double held = number;
      number = held + kStep;
      const double above = loss();
      number = held - kStep;
      const double below = loss();
      number = held;
      gradient.push_back((above - below) / (2 * kStep));
    }
    return gradient;
  }

 private:
  double loss() {
    tape_.reset();
    const std::vector<Value> values = place(tape_, inputs_);
    return tape_.number(reduced(function_(tape_, values)));
  }

  const Function& function_;
  std::vector<Array> inputs_;
  Tape tape_;
};

/// A tape's gradient beside the numerical one.
struct Pair {
  std::string name;
  std::vector<double> gradient;
  std::vector<double> numerical;
};

void compare(const std::vector<Pair>& pairs, double tolerance) {
  double squares = 0;
  double error_squares = 0;
  for (const Pair& pair : pairs) {
    squares += std::pow(norm(pair.numerical), 2);
    error_squares += std::pow(distance(pair.gradient, pair.numerical), 2);
  }
  const double whole = std::sqrt(squares);
  EXPECT_GT(whole, 0) << "nothing depends on the inputs";
  EXPECT_LE(std::sqrt(error_squares), tolerance * whole) << "the whole gradient";
  for (const Pair& pair : pairs) {
    const double error = distance(pair.gradient, pair.numerical);
    EXPECT_LE(error, tolerance * std::max(norm(pair.numerical), 1e-3 * whole))
        << pair.name << ": norm " << norm(pair.numerical) << " of " << whole;
  }
}

std::span<const double> of_parameter(const ParameterStore& store, std::size_t index, std::span<const double> all) {
  return all.subspan(static_cast<std::size_t>(store.offset(index)),
                     static_cast<std::size_t>(store.shape(index).count()));
}

void expect_outcomes_agree(const Outcome& a, const Outcome& b, const std::vector<Array>& inputs,
                           const ParameterStore& store, double tolerance) {
  EXPECT_LE(relative_error(a.value, b.value), tolerance) << "the value";
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].differentiable) continue;
    EXPECT_LE(relative_error(a.inputs[i], b.inputs[i]), tolerance) << "the gradient of input " << i;
  }
  const double whole = norm(b.parameters);
  for (std::size_t i = 0; i < store.count(); ++i) {
    const auto left = of_parameter(store, i, a.parameters);
    const auto right = of_parameter(store, i, b.parameters);
    EXPECT_LE(distance(left, right), tolerance * std::max(norm(right), 1e-2 * whole))
        << "the gradient of " << store.name(i);
  }
}

}  // namespace

Array array(const Shape& shape, std::vector<double> numbers) {
  for (double& number : numbers) number = static_cast<double>(static_cast<float>(number));
  return {shape, std::move(numbers)};
}

Array fixed(Array array) {
  array.differentiable = false;
  return array;
}

Array random_array(const Shape& shape, std::uint64_t stream, double low, double high) {
  Random random(20150216, Purpose::data, stream);
  std::vector<double> numbers(static_cast<std::size_t>(shape.count()));
  for (double& number : numbers) number = random.uniform(low, high);
  return array(shape, std::move(numbers));
}

void randomise(ParameterStore& store, double bound, std::uint64_t stream) {
  for (std::size_t i = 0; i < store.count(); ++i) {
    const Array numbers = random_array(store.shape(i), 1000 * (stream + 1) + i, -bound, bound);
    std::ranges::transform(numbers.numbers, store.values_of(store.at(i)).begin(),
                           [](double number) { return static_cast<float>(number); });
  }
  const auto doubles = store.doubles();
  std::ranges::copy(store.values(), doubles.begin());
}

Outcome run(const Function& function, const std::vector<Array>& inputs, const ParameterStore& store,
            Precision precision) {
  Tape tape(store, precision);
  const std::vector<Value> values = place(tape, inputs);
  const Value result = function(tape, values);
  Outcome outcome;
  outcome.value.resize(static_cast<std::size_t>(result.shape().count()));
  tape.read(result, std::span<double>(outcome.value));
  const Value loss = reduced(result);
  outcome.reduced = tape.number(loss);
  outcome.parameters.resize(static_cast<std::size_t>(store.padded_count()));
  if (store.padded_count() == 0 && !result.node()->needs_gradient) return outcome;
  tape.visit([&]<class T>(T) {
    std::vector<T> gradients(outcome.parameters.size());
    tape.backward(loss, std::span<T>(gradients));
    std::ranges::copy(gradients, outcome.parameters.begin());
  });
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    outcome.inputs.emplace_back();
    if (!inputs[i].differentiable) continue;
    outcome.inputs.back().resize(inputs[i].numbers.size());
    tape.read_gradient(values[i], outcome.inputs.back());
  }
  return outcome;
}

double relative_error(std::span<const double> a, std::span<const double> b) {
  const double size = norm(b);
  return size > 0 ? distance(a, b) / size : norm(a);
}

void expect_gradient(const Function& function, const std::vector<Array>& inputs, ParameterStore& store,
                     double tolerance) {
  const std::span<double> parameters = store.doubles();
  const Outcome outcome = run(function, inputs, store, Precision::f64);
  Differences differences(function, inputs, store);
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].differentiable) continue;
    pairs.push_back({"input " + std::to_string(i), outcome.inputs[i], differences.input(i)});
  }
  for (std::size_t i = 0; i < store.count(); ++i) {
    const auto gradient = of_parameter(store, i, outcome.parameters);
    pairs.push_back({store.name(i),
                     {gradient.begin(), gradient.end()},
                     differences.along(parameters.subspan(static_cast<std::size_t>(store.offset(i)),
                                                          static_cast<std::size_t>(store.shape(i).count())))});
  }
  compare(pairs, tolerance);
}

void expect_gradient(const Function& function, const std::vector<Array>& inputs, double tolerance) {
  ParameterStore none;
  expect_gradient(function, inputs, none, tolerance);
}

void expect_precisions_agree(const Function& function, const std::vector<Array>& inputs, const ParameterStore& store,
                             double tolerance) {
  expect_outcomes_agree(run(function, inputs, store, Precision::f32), run(function, inputs, store, Precision::f64),
                        inputs, store, tolerance);
}

void expect_same(const Function& a, const Function& b, const std::vector<Array>& inputs, const ParameterStore& store,
                 Precision precision, double tolerance) {
  expect_outcomes_agree(run(a, inputs, store, precision), run(b, inputs, store, precision), inputs, store, tolerance);
}

void check(const Operation& operation) {
  ParameterStore none;
  (void)none.doubles();
  const Outcome outcome = run(operation.function, operation.inputs, none, Precision::f64);
  ASSERT_EQ(outcome.value.size(), operation.expected.size());
  for (std::size_t i = 0; i < operation.expected.size(); ++i) {
    EXPECT_NEAR(outcome.value[i], operation.expected[i], 1e-9 * (1 + std::abs(operation.expected[i])))
        << "number " << i;
  }
  expect_gradient(operation.function, operation.inputs);
  expect_precisions_agree(operation.function, operation.inputs, none);

  if (!operation.misuse) return;
  for (const Precision precision : {Precision::f32, Precision::f64}) {
    Tape tape(none, precision);
    try {
      operation.misuse(tape);
      ADD_FAILURE() << "shapes that do not fit were accepted";
    } catch (const ShapeError& error) {
      EXPECT_EQ(error.what(), operation.refusal);
    }
  }
}

}  // namespace drawlab::tests
