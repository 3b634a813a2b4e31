#pragma once

#include "drawlab/parameters.hpp"
#include "drawlab/tape.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace drawlab::tests {

using Values = std::span<const Value>;
/// What is under check: from inputs (and the parameters of the tape's store) to a value of any shape.
using Function = std::function<Value(Tape&, Values)>;
/// The function with every custom operation in its composed form.
inline Function composed(Function function) {
  return [function = std::move(function)](Tape& tape, Values in) {
    tape.set_composed(true);
    return function(tape, in);
  };
}

/// An input; its numbers are representable in f32, so that both precisions see the same.
struct Array {
  Shape shape;
  std::vector<double> numbers;
  bool differentiable = true;
};

/// An array of numbers rounded to f32.
Array array(const Shape& shape, std::vector<double> numbers);
/// The same, with no gradient asked of it.
Array fixed(Array array);
/// Uniform in [low, high], the same in every run.
Array random_array(const Shape& shape, std::uint64_t stream, double low = -1, double high = 1);
/// Fills every parameter uniformly in ±bound, so that none has a gradient of 0 because another is 0. Makes the f64
/// copy.
void randomise(ParameterStore& store, double bound, std::uint64_t stream = 0);

/// A value's numbers, and the gradients of Σ weights·value with the fixed weights of this file.
struct Outcome {
  std::vector<double> value;
  double reduced = 0;
  std::vector<std::vector<double>> inputs;  // empty where not differentiable
  std::vector<double> parameters;           // padded as the store's arrays
};
Outcome run(const Function& function, const std::vector<Array>& inputs, const ParameterStore& store,
            Precision precision);

/// ‖a − b‖/‖b‖, or ‖a‖ where b is 0.
double relative_error(std::span<const double> a, std::span<const double> b);

/// The tape's f64 gradients against central differences of step 1e-5, for every differentiable input and every
/// parameter: ‖g − n‖/‖n‖ ≤ tolerance. An array that has little to say is held to a thousandth of the whole gradient.
void expect_gradient(const Function& function, const std::vector<Array>& inputs, ParameterStore& store,
                     double tolerance = 1e-6);
void expect_gradient(const Function& function, const std::vector<Array>& inputs, double tolerance = 1e-6);

/// Value and gradients in f32 against those in f64.
void expect_precisions_agree(const Function& function, const std::vector<Array>& inputs, const ParameterStore& store,
                             double tolerance = 1e-5);
/// Values and gradients of two forms of one function, in one precision.
void expect_same(const Function& a, const Function& b, const std::vector<Array>& inputs, const ParameterStore& store,
                 Precision precision, double tolerance);

/// One operation and all that is asked of it.
struct Operation {
  Function function;
  std::vector<Array> inputs;
  std::vector<double> expected;       // the value, in literals
  std::function<void(Tape&)> misuse;  // calls it with shapes that do not fit
  std::string refusal;                // what that says
};
/// Value against literals, gradient, f32 against f64, and the refusal.
void check(const Operation& operation);

}  // namespace drawlab::tests
