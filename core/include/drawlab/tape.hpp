#pragma once

#include "drawlab/error.hpp"
#include "drawlab/into.hpp"
#include "drawlab/parameters.hpp"
#include "drawlab/shape.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <tuple>
#include <type_traits>

namespace drawlab {

/// Number type of a tape: f32 for training, f64 (plain loops) for gradient checks.
enum class Precision { f32, f64 };

/// One array on a tape. Only operations look inside.
struct Node {
  Shape shape;
  void* data = nullptr;
  void* gradient = nullptr;  // null: no memory yet
  Node* root = nullptr;      // the node whose gradient this one uses: itself, or what it reshapes or is drawn on
  Tape* tape = nullptr;
  bool needs_gradient = false;
  bool gradient_is_fresh = true;  // nothing was added yet; the gradient's memory is uninitialised
  bool gradient_is_lent = false;  // the gradient's memory belongs to an operation and is not recycled
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

/// Core's own: matrix products, packed weights, helper threads and clocks of a tape (core/src/engine.hpp).
class Engine;

/// Records operations as they run and calls their backward steps in reverse order. Used by one thread at a time; many
/// tapes may share one store. Memory comes from an arena that reset() keeps, so that a repeated step allocates nothing.
class Tape {
 public:
  Tape(const ParameterStore& store, Precision precision);
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  Precision precision() const { return precision_; }
  const ParameterStore& store() const { return store_; }
  /// Calls f(float()) or f(double()), depending on the tape's precision.
  template <class F>
  decltype(auto) visit(F&& f) {
    return precision_ == Precision::f32 ? f(float()) : f(double());
  }

  /// Starts a new pass: all values and backward steps become invalid; memory is kept.
  void reset();
  /// If off (evaluation, sampling), operations record no backward steps and backward() throws Error.
  void set_recording(bool recording) { recording_ = recording; }
  bool recording() const { return recording_; }
  /// On: every custom_op computes its composed form, for comparisons and benchmarks.
  void set_composed(bool composed) { composed_ = composed; }
  /// Calls of custom_op since the tape was made, of either form.
  std::int64_t custom_ops() const { return custom_ops_; }

  // ---- values ----
  /// A copy of `numbers`; set `differentiable` if read_gradient() of it will be called. Throws ShapeError if the count
  /// does not fit the shape.
  Value input(const Shape& shape, std::span<const float> numbers, bool differentiable = false);
  Value input(const Shape& shape, std::span<const double> numbers, bool differentiable = false);
  /// An array filled with one number.
  Value constant(const Shape& shape, double number);
  /// A parameter's numbers as a value of its shape.
  Value parameter(const Parameter& parameter);

  // ---- results ----
  /// Copies the numbers of `value` out. Throws ShapeError if the counts differ.
  void read(Value value, std::span<float> into) const;
  void read(Value value, std::span<double> into) const;
  /// The one number of a value of count 1. Throws ShapeError otherwise.
  double number(Value value) const;
  /// After backward(): the gradient of a differentiable input; zeros if none arrived.
  void read_gradient(Value value, std::span<double> into);

  /// Computes d loss / d everything for a loss of count 1, once per pass. Writes the gradients of all parameters to
  /// `parameters`, laid out as the store's arrays. Throws ShapeError if a count is wrong; Error if the tape did not
  /// record, has the other precision, or ran backward() since the last reset().
  void backward(Value loss, std::span<float> parameters);
  void backward(Value loss, std::span<double> parameters);

  /// Bytes of the arena in use since reset(), and bytes held.
  std::size_t bytes_used() const;
  std::size_t bytes_held() const;

  // ---- for operations ----
  /// 64-byte aligned, uninitialised memory that lives until reset().
  void* allocate(std::size_t bytes);
  template <class T>
  T* allocate(std::int64_t count) {
    return static_cast<T*>(allocate(static_cast<std::size_t>(count) * sizeof(T)));
  }
  /// Memory for use within one operation; the next call may return the same memory.
  void* scratch(std::size_t bytes);
  /// A new array with uninitialised numbers.
  Value make(const Shape& shape, bool needs_gradient);
  template <class T>
  static T* data(Value value) {
    return static_cast<T*>(value.node()->data);
  }
  /// The gradient to add to: zeroed if nothing was added before.
  template <class T>
  T* gradient(Value value) {
    return static_cast<T*>(gradient_bytes(value, true));
  }
  /// The gradient to write in full (if fresh) or to add to; null if `value` needs no gradient.
  template <class T>
  Into<T> into(Value value) {
    if (!value.node()->needs_gradient) return {};
    const bool fresh = value.node()->root->gradient_is_fresh;
    return {static_cast<T*>(gradient_bytes(value, false)), fresh};
  }
  /// A gradient that is only read: the value's own, or shared zeros if none arrived.
  template <class T>
  const T* gradient_or_zeros(Value value) {
    return static_cast<const T*>(has_gradient(value) ? value.node()->root->gradient : zeros(value));
  }
  /// True if some gradient arrived. An operation whose outputs got none has nothing to pass on.
  static bool has_gradient(Value value) { return !value.node()->root->gradient_is_fresh; }
  /// Recycles the gradient's buffer. Call it from the backward step of the operation that produced `value`, once no
  /// later step reads it.
  void release_gradient(Value value);
  /// Makes the gradient of `value` arrive in `memory`, which the tape never recycles. Call it before anything uses
  /// `value`.
  static void lend_gradient(Value value, void* memory) {
    value.node()->gradient = memory;
    value.node()->gradient_is_lent = true;
  }
  /// Counts a call of custom_op. Returns true if it has to compute the composed form.
  bool begin_custom_op() {
    ++custom_ops_;
    return composed_;
  }
  /// Records a backward step: backward() calls `step()`, last recorded first. The step is copied into the arena and
  /// never destroyed, so it must own nothing.
  template <class Step>
  void record(Step step) {
    static_assert(std::is_trivially_destructible_v<Step>);
    auto* stored = new (allocate(sizeof(Stored<Step>))) Stored<Step>{{&Stored<Step>::call, last_step_}, step};
    last_step_ = &stored->header;
  }
  /// State that the calls of an operation share within one pass. The first call since reset() makes State(tape) in the
  /// arena; backward() calls its finish() after the last backward step. It is never destroyed, so it must own nothing.
  template <class State>
  State& pass_state() {
    static_assert(std::is_trivially_destructible_v<State>);
    for (StepHeader* each = pass_states_; each != nullptr; each = each->previous) {
      if (each->call == &Finished<State>::call) return reinterpret_cast<Finished<State>*>(each)->state;
    }
    auto* const made =
        new (allocate(sizeof(Finished<State>))) Finished<State>{{&Finished<State>::call, pass_states_}, State(*this)};
    pass_states_ = &made->header;
    return made->state;
  }
  /// The array of parameter gradients of the running backward().
  template <class T>
  T* parameter_gradients() {
    return static_cast<T*>(parameter_gradients_);
  }

  Engine& engine() { return *engine_; }

 private:
  struct StepHeader {
    void (*call)(StepHeader*);
    StepHeader* previous;
  };
  template <class Step>
  struct Stored {
    StepHeader header;
    Step step;
    static void call(StepHeader* header) { reinterpret_cast<Stored*>(header)->step(); }
  };
  template <class State>
  struct Finished {
    StepHeader header;
    State state;
    static void call(StepHeader* header) { reinterpret_cast<Finished*>(header)->state.finish(); }
  };
  struct Memory;
  std::size_t bytes_of(Value value) const;
  void* gradient_bytes(Value value, bool zeroed);
  const void* zeros(Value value);
  template <class T>
  void run_backward(Value loss, std::span<T> parameters);

  const ParameterStore& store_;
  Precision precision_;
  bool recording_ = true;
  bool composed_ = false;
  bool ran_backward_ = false;  // since the last reset()
  std::int64_t custom_ops_ = 0;
  StepHeader* last_step_ = nullptr;
  StepHeader* pass_states_ = nullptr;
  void* parameter_gradients_ = nullptr;
  std::unique_ptr<Memory> memory_;
  std::unique_ptr<Engine> engine_;
};

/// Records the backward step of an operation with `outputs` on one tape: step(d_output…), with the gradients as
/// `const T*` in order. The step runs only if a gradient of some output arrived (the others are zeros); afterwards the
/// outputs' gradients are recycled. If none arrived, backward() calls `otherwise()` instead. Records nothing if the
/// tape does not record or no output needs a gradient.
template <class T, std::size_t N, class Step, class Otherwise>
void record_backward(const std::array<Value, N>& outputs, Step step, Otherwise otherwise) {
  Tape* const tape = &outputs[0].tape();
  if (!outputs[0].node()->needs_gradient || !tape->recording()) return;
  tape->record([tape, outputs, step, otherwise] {
    if (std::ranges::none_of(outputs, &Tape::has_gradient)) return otherwise();
    std::apply([&](auto... value) { step(tape->gradient_or_zeros<T>(value)...); }, outputs);
    for (const Value& value : outputs) tape->release_gradient(value);
  });
}
template <class T, std::size_t N, class Step, class Otherwise>
void record_backward(const Value (&outputs)[N], Step step, Otherwise otherwise) {
  record_backward<T>(std::to_array(outputs), step, otherwise);
}
template <class T, std::size_t N, class Step>
void record_backward(const Value (&outputs)[N], Step step) {
  record_backward<T>(std::to_array(outputs), step, [] {});
}

}  // namespace drawlab
