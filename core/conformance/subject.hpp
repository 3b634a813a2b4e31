#pragma once

#include "drawlab/read_write.hpp"

#include "conformance/options.hpp"
#include "host/plugin_host.hpp"
#include "model/drawing.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace drawlab::conformance {

enum class Half { read, write };
const char* half_name(Half half);

/// A case that a mode is tried on: options, image, and the number of images that it reads.
struct Trial {
  Half half = Half::read;
  Variant variant;
  ImageShape image;
  std::int64_t images = 0;  // 0 for write
  /// `size: 2, image 3x7x9, 2 images`.
  std::string text() const;
};

/// A batch of inputs: the state [B,kStateSize], then the images [B,C,H,W], all representable in f32.
struct Inputs {
  std::int64_t rows = 0;
  std::vector<Shape> shapes;
  std::vector<std::vector<double>> arrays;

  /// These samples of the batch, in that order.
  Inputs picked(std::span<const std::int64_t> samples) const;
};

inline constexpr std::int64_t kStateSize = 4;
/// State uniform in ±1, x in [0,1], x_hat in ±1; the same for equal arguments.
Inputs random_inputs(const Trial& trial, std::int64_t rows, std::uint64_t stream);

/// The result of a call, and the gradients of Σ weights·result for fixed weights of both signs, over two calls.
struct Outcome {
  Shape shape;
  std::vector<double> value;
  std::vector<WindowBox> windows;  // [B], empty if none is shown
  std::int64_t window_filters = 0;
  std::vector<std::vector<double>> inputs;  // gradients, by input
  std::vector<double> parameters;           // gradient, padded like the store's arrays

  bool operator==(const Outcome&) const = default;
};

/// A mode made for a trial, with a store of its own.
class Subject {
 public:
  Subject(const ReadWritePlugin& plugin, const Trial& trial);

  /// Every parameter uniform in ±bound, in both precisions, so that none has a gradient of 0 because another is 0.
  void randomise(double bound, std::uint64_t stream);
  /// One call on a tape of its own. The gradients are those of reduced(), the sum of two calls.
  Outcome run(const Inputs& inputs, Precision precision, bool with_gradients = true) const;
  /// The same with every custom operation in its composed form.
  Outcome run_composed(const Inputs& inputs, Precision precision) const;
  /// Whether a call uses custom_op.
  bool has_custom_op(const Inputs& inputs) const;
  /// The sum of the reduced results of two calls on the same inputs in f64, without recording. A model calls its modes
  /// at every glimpse, so their inputs get the sum of the gradients of all calls; two calls show whether that works.
  double reduced(Tape& tape, const Inputs& inputs) const;
  /// The inputs on a tape.
  static std::vector<Value> place(Tape& tape, const Inputs& inputs, bool differentiable);
  /// One call on inputs from place().
  Value call(std::span<const Value> placed, std::optional<Window>& window) const;

  const Trial& trial() const { return trial_; }
  ParameterStore& store() { return store_; }
  const ParameterStore& store() const { return store_; }
  /// R of a read mode.
  std::int64_t patch_size() const { return read_->patch_size(); }

 private:
  Outcome run_on(Tape& tape, const Inputs& inputs, bool with_gradients) const;

  Trial trial_;
  ParameterStore store_;
  std::unique_ptr<ReadMode> read_;
  std::unique_ptr<WriteMode> write_;
};

/// A subject with parameters in ±0.5; most checks use one.
std::unique_ptr<Subject> random_subject(const ReadWritePlugin& plugin, const Trial& trial);

/// One parameter's numbers in an array with the layout of the store's.
std::span<const double> of_parameter(const ParameterStore& store, std::size_t index, std::span<const double> all);

double norm(std::span<const double> numbers);
/// ‖a − b‖.
double distance(std::span<const double> a, std::span<const double> b);
/// Six digits, for a sentence.
std::string number_text(double number);

}  // namespace drawlab::conformance
