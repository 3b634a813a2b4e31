#pragma once

#include "drawlab/error.hpp"
#include "drawlab/parameters.hpp"
#include "drawlab/shape.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace drawlab {

/// f32 for work, f64 with plain loops for checks.
enum class Precision { f32, f64 };

/// What a stretch of work belongs to; `drawlab bench` shows how long each part takes.
enum class Part : std::uint8_t {
  other,
  products,   // matrix products of linear()
  copies,     // gathering their inputs and spreading their gradients
  gates,      // of the LSTMs
  latent,     // noise, z and its KL
  modes,      // read and write, their products apart
  canvas,     // error image, canvas and reconstruction
  optimiser,  // summing gradients, clipping, Adam, packing
};
inline constexpr std::size_t kPartCount = 8;

/// One array on a tape; only operations look inside.
struct Node {
  Shape shape;
  void* data = nullptr;
  void* gradient = nullptr;  // null: not asked for yet
  Node* root = nullptr;      // whose gradient this one shares (itself, or what it reshapes or is drawn on)
  Tape* tape = nullptr;
  bool needs_gradient = false;
  bool gradient_is_fresh = true;  // nothing was added to the gradient yet, its memory holds anything
};

/// A handle to the result of an operation: cheap to copy, valid until its tape is reset.
class Value {
 public:
  Value() = default;
  explicit Value(Node* node) : node_(node) {}
  const Shape& shape() const { return node_->shape; }
  Tape& tape() const { return *node_->tape; }
  Node* node() const { return node_; }
  bool valid() const { return node_ != nullptr; }

 private:
  Node* node_ = nullptr;
};

/// Records operations as they run and walks back through them. One thread at a time; many tapes may share one store.
/// Memory comes from an arena that keeps its blocks over reset(), so that a repeated step allocates nothing.
class Tape {
 public:
  Tape(const ParameterStore& store, Precision precision);
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  Precision precision() const { return precision_; }
  const ParameterStore& store() const { return store_; }
  /// Calls f(float()) or f(double()), whichever this tape computes in.
  template <class F>
  decltype(auto) visit(F&& f) {
    return precision_ == Precision::f32 ? f(float()) : f(double());
  }

  /// Forgets every value and backward step; memory is kept.
  void reset();
  /// Off: nothing is recorded and backward() has nothing to walk (evaluation, sampling).
  void set_recording(bool recording) { recording_ = recording; }
  bool recording() const { return recording_; }
  /// On: every custom_op computes its composed form, for comparisons and benchmarks.
  void set_composed(bool composed) { composed_ = composed; }
  /// Calls of custom_op since the tape was made, of either form.
  std::int64_t custom_ops() const { return custom_ops_; }

  // ---- values ----
  /// A copy of outside numbers; `differentiable` where gradient() of it will be asked for.
  Value input(const Shape& shape, std::span<const float> numbers, bool differentiable = false);
  Value input(const Shape& shape, std::span<const double> numbers, bool differentiable = false);
  /// An array of one number.
  Value constant(const Shape& shape, double number);
  /// A parameter's numbers as a value of its shape.
  Value parameter(const Parameter& parameter);

  // ---- results ----
  /// Copies the numbers out.
  void read(Value value, std::span<float> into) const;
  void read(Value value, std::span<double> into) const;
  /// The one number of a value of count 1.
  double number(Value value) const;
  /// After backward(): the gradient of a differentiable input (zeros where none arrived).
  void read_gradient(Value value, std::span<double> into);

  /// d loss / d everything, for a loss of count 1; once for each pass. Parameter gradients are written (not added) to
  /// `parameters`, laid out as the store's arrays.
  void backward(Value loss, std::span<float> parameters);
  void backward(Value loss, std::span<double> parameters);

  /// Bytes of the arena in use, and held.
  std::size_t bytes_used() const;
  std::size_t bytes_held() const;

  // ---- for operations ----
  /// 64-byte aligned memory that lives until reset(); uninitialised.
  void* allocate(std::size_t bytes);
  template <class T>
  T* allocate(std::int64_t count) {
    return static_cast<T*>(allocate(static_cast<std::size_t>(count) * sizeof(T)));
  }
  /// Memory for the length of one operation; the next call of scratch() may hand it out again.
  void* scratch(std::size_t bytes);
  /// A new array with uninitialised numbers.
  Value make(const Shape& shape, bool needs_gradient);
  template <class T>
  static T* data(Value value) {
    return static_cast<T*>(value.node()->data);
  }
  /// The gradient to add to: zeroed when nothing was added before.
  template <class T>
  T* gradient(Value value) {
    return static_cast<T*>(gradient_bytes(value, true));
  }
  /// The gradient without zeroing: where `fresh`, write to every number, else add to them.
  template <class T>
  std::pair<T*, bool> gradient_or_fresh(Value value) {
    const bool fresh = value.node()->root->gradient_is_fresh;
    return {static_cast<T*>(gradient_bytes(value, false)), fresh};
  }
  /// A gradient that is only read, never added to: the value's, or zeros that many share where none arrived.
  template <class T>
  const T* gradient_or_zeros(Value value) {
    return static_cast<const T*>(has_gradient(value) ? value.node()->root->gradient : zeros(value));
  }
  /// True when some gradient arrived; an operation whose outputs got none has nothing to pass on.
  static bool has_gradient(Value value) { return !value.node()->root->gradient_is_fresh; }
  /// Gives the memory of a gradient back, for the next one of that size: called by the step that made the value, which
  /// nothing that is still to run has read. What is used again while it is in the cache is quick.
  void release_gradient(Value value);
  /// Counts a call of custom_op. Returns true if it has to compute the composed form.
  bool begin_custom_op() {
    ++custom_ops_;
    return composed_;
  }
  /// Remembers how to walk back: `step()` is called by backward(), last recorded first. It is copied into the arena and
  /// never destroyed, so it must own nothing.
  template <class Step>
  void record(Step step) {
    static_assert(std::is_trivially_destructible_v<Step>);
    auto* stored = new (allocate(sizeof(Stored<Step>))) Stored<Step>{{&Stored<Step>::call, last_step_, part_}, step};
    last_step_ = &stored->header;
  }
  /// The array of parameter gradients of the backward pass under way.
  template <class T>
  T* parameter_gradients() {
    return static_cast<T*>(parameter_gradients_);
  }

  /// What follows, and its way back, belongs to `part`; returns what went before.
  Part enter(Part part);

  /// State of core's own operations: products, packed weights, collected rows.
  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  struct StepHeader {
    void (*call)(StepHeader*);
    StepHeader* previous;
    Part part;
  };
  template <class Step>
  struct Stored {
    StepHeader header;
    Step step;
    static void call(StepHeader* header) { reinterpret_cast<Stored*>(header)->step(); }
  };
  void* gradient_bytes(Value value, bool zeroed);
  const void* zeros(Value value);
  template <class T>
  void run_backward(Value loss, std::span<T> parameters);

  const ParameterStore& store_;
  Precision precision_;
  bool recording_ = true;
  bool composed_ = false;
  std::int64_t custom_ops_ = 0;
  Part part_ = Part::other;
  StepHeader* last_step_ = nullptr;
  void* parameter_gradients_ = nullptr;
  std::unique_ptr<Impl> impl_;
};

/// What a block does belongs to a part.
class PartScope {
 public:
  PartScope(Tape& tape, Part part) : tape_(tape), before_(tape.enter(part)) {}
  ~PartScope() { tape_.enter(before_); }
  PartScope(const PartScope&) = delete;
  PartScope& operator=(const PartScope&) = delete;

 private:
  Tape& tape_;
  Part before_;
};

}  // namespace drawlab
