#include "conformance/subject.hpp"

#include "drawlab/ops.hpp"
#include "drawlab/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace drawlab::conformance {

namespace {

constexpr std::uint64_t kSeed = 20150216;
constexpr std::uint64_t kWeights = 1'000'003;
constexpr std::uint64_t kParameters = 2'000'003;

std::vector<double> random_numbers(std::int64_t count, std::uint64_t stream, std::uint64_t part, double low,
                                   double high) {
  Random random(kSeed, Purpose::data, stream, part);
  std::vector<double> numbers(static_cast<std::size_t>(count));
  for (double& number : numbers) number = static_cast<double>(static_cast<float>(random.uniform(low, high)));
  return numbers;
}

/// Σ weights·value as a loss. Both signs keep the sum small beside its parts' changes.
Value reduce(Value value) {
  const std::int64_t count = value.shape().count();
  const std::vector<double> numbers = random_numbers(count, kWeights, 0, -1, 1);
  const std::vector<float> weights(numbers.begin(), numbers.end());
  return weighted_sum(reshape(value, {count, 1}), weights);
}

}  // namespace

const char* half_name(Half half) { return half == Half::read ? "read" : "write"; }

std::string Trial::text() const {
  std::string text = variant.label + ", image " + std::to_string(image.channels) + "x" + std::to_string(image.height) +
                     "x" + std::to_string(image.width);
  if (half == Half::read) text += images == 1 ? ", 1 image" : ", " + std::to_string(images) + " images";
  return text;
}

Inputs Inputs::picked(std::span<const std::int64_t> samples) const {
  Inputs result;
  result.rows = static_cast<std::int64_t>(samples.size());
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    result.shapes.push_back(shapes[i].with_rows(result.rows));
    std::vector<double>& numbers = result.arrays.emplace_back();
    const std::int64_t size = shapes[i].row_size();
    for (const std::int64_t sample : samples) {
      const auto first = arrays[i].begin() + sample * size;
      numbers.insert(numbers.end(), first, first + size);
    }
  }
  return result;
}

Inputs random_inputs(const Trial& trial, std::int64_t rows, std::uint64_t stream) {
  Inputs inputs;
  inputs.rows = rows;
  inputs.shapes.push_back({rows, kStateSize});
  inputs.arrays.push_back(random_numbers(rows * kStateSize, stream, 0, -1, 1));
  const ImageShape& image = trial.image;
  for (std::int64_t i = 0; i < trial.images; ++i) {
    inputs.shapes.push_back({rows, image.channels, image.height, image.width});
    inputs.arrays.push_back(
        random_numbers(rows * image.count(), stream, 1 + static_cast<std::uint64_t>(i), i == 0 ? 0 : -1, 1));
  }
  return inputs;
}

Subject::Subject(const ReadWritePlugin& plugin, const Trial& trial) : trial_(trial) {
  const ParameterScope scope(store_, half_name(trial.half));
  if (trial.half == Half::read) {
    const auto options = make([&] { return plugin.read_options(); }, trial.variant);
    read_ = plugin.make_read(*options, {scope, trial.image, kStateSize, trial.images});
  } else {
    const auto options = make([&] { return plugin.write_options(); }, trial.variant);
    write_ = plugin.make_write(*options, {scope, trial.image, kStateSize});
  }
}

void Subject::randomise(double bound, std::uint64_t stream) {
  for (std::size_t i = 0; i < store_.count(); ++i) {
    const auto numbers = random_numbers(store_.shape(i).count(), kParameters + stream, i, -bound, bound);
    std::transform(numbers.begin(), numbers.end(), store_.values_of(store_.at(i)).begin(),
                   [](double number) { return static_cast<float>(number); });
  }
  const std::span<double> doubles = store_.doubles();
  std::copy(store_.values().begin(), store_.values().end(), doubles.begin());
}

std::vector<Value> Subject::place(Tape& tape, const Inputs& inputs, bool differentiable) {
  std::vector<Value> placed;
  for (std::size_t i = 0; i < inputs.arrays.size(); ++i) {
    placed.push_back(tape.input(inputs.shapes[i], std::span<const double>(inputs.arrays[i]), differentiable));
  }
  return placed;
}

Value Subject::call(std::span<const Value> placed, std::optional<Window>& window) const {
  if (trial_.half == Half::read) {
    const ReadResult result = read_->read(placed.subspan(1), placed[0]);
    window = result.window;
    return result.patch;
  }
  const WriteResult result = write_->write(placed[0]);
  window = result.window;
  return result.update;
}

Outcome Subject::run(const Inputs& inputs, Precision precision, bool with_gradients) const {
  Tape tape(store_, precision);
  return run_on(tape, inputs, with_gradients);
}

Outcome Subject::run_composed(const Inputs& inputs, Precision precision) const {
  Tape tape(store_, precision);
  tape.set_composed(true);
  return run_on(tape, inputs, true);
}

bool Subject::has_custom_op(const Inputs& inputs) const {
  Tape tape(store_, Precision::f32);
  run_on(tape, inputs, false);
  return tape.custom_ops() > 0;
}

Outcome Subject::run_on(Tape& tape, const Inputs& inputs, bool with_gradients) const {
  tape.set_recording(with_gradients);
  const std::vector<Value> placed = place(tape, inputs, with_gradients);
  std::optional<Window> window;
  const Value value = call(placed, window);
  Outcome outcome;
  outcome.shape = value.shape();
  outcome.value.resize(static_cast<std::size_t>(value.shape().count()));
  tape.read(value, std::span<double>(outcome.value));
  if (window) {
    outcome.windows = boxes_of(*window);
    outcome.window_filters = window->filters;
  }
  if (!with_gradients) return outcome;
  const Value loss = add(reduce(value), reduce(call(placed, window)));
  outcome.parameters.resize(static_cast<std::size_t>(store_.padded_count()));
  if (value.node()->needs_gradient) {
    tape.visit([&]<class T>(T) {
      std::vector<T> gradient(outcome.parameters.size());
      tape.backward(loss, std::span<T>(gradient));
      std::copy(gradient.begin(), gradient.end(), outcome.parameters.begin());
    });
  }
  for (const Value& input : placed) {
    outcome.inputs.emplace_back(static_cast<std::size_t>(input.shape().count()));
    if (value.node()->needs_gradient) tape.read_gradient(input, outcome.inputs.back());
  }
  return outcome;
}

double Subject::reduced(Tape& tape, const Inputs& inputs) const {
  tape.reset();
  tape.set_recording(false);
  const std::vector<Value> placed = place(tape, inputs, false);
  std::optional<Window> window;
  const Value first = reduce(call(placed, window));
  return tape.number(add(first, reduce(call(placed, window))));
}

std::unique_ptr<Subject> random_subject(const ReadWritePlugin& plugin, const Trial& trial) {
  auto subject = std::make_unique<Subject>(plugin, trial);
  subject->randomise(0.5, 0);
  return subject;
}

std::span<const double> of_parameter(const ParameterStore& store, std::size_t index, std::span<const double> all) {
  return all.subspan(static_cast<std::size_t>(store.offset(index)),
                     static_cast<std::size_t>(store.shape(index).count()));
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

std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", number);
  return text;
}

}  // namespace drawlab::conformance
