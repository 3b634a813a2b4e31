#include "drawlab/tape.hpp"

#include "aligned_buffer.hpp"
#include "arena.hpp"
#include "engine.hpp"
#include "kernels/elementwise.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <vector>

namespace drawlab {

namespace {

/// Memory in the arena that can be used again, such as a released gradient's.
struct ArenaMemory {
  void* memory;
  std::size_t bytes;
};

}  // namespace

struct Tape::Memory {
  Arena arena;
  AlignedBuffer<std::byte> scratch;
  std::vector<ArenaMemory> free_gradients;
  ArenaMemory zeros{nullptr, 0};  // the largest array of zeros that this pass asked for
};

Tape::Tape(const ParameterStore& store, Precision precision)
    : store_(store), precision_(precision), memory_(std::make_unique<Memory>()), engine_(std::make_unique<Engine>()) {}

Tape::~Tape() = default;

void Tape::reset() {
  memory_->arena.reset();
  memory_->free_gradients.clear();
  memory_->zeros = {nullptr, 0};
  ran_backward_ = false;
  last_step_ = nullptr;
  pass_states_ = nullptr;
}

void* Tape::allocate(std::size_t bytes) { return memory_->arena.allocate(bytes); }

void* Tape::scratch(std::size_t bytes) {
  memory_->scratch.reserve_at_least(bytes);
  return memory_->scratch.data();
}

std::size_t Tape::bytes_of(Value value) const {
  const std::size_t size = precision_ == Precision::f32 ? sizeof(float) : sizeof(double);
  return static_cast<std::size_t>(value.shape().count()) * size;
}

Value Tape::make(const Shape& shape, bool needs_gradient) {
  auto* const node = new (allocate(sizeof(Node))) Node();
  node->shape = shape;
  node->root = node;
  node->tape = this;
  node->needs_gradient = needs_gradient && recording_;
  node->data = allocate(bytes_of(Value(node)));
  return Value(node);
}

namespace {

template <class T, class From>
void copy_numbers(std::span<const From> from, T* to) {
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<T>(from[i]);
}

void check_count(const char* where, const Shape& shape, std::size_t count) {
  if (static_cast<std::size_t>(shape.count()) != count) {
    throw ShapeError(std::string(where) + ": " + std::to_string(count) + " numbers for shape " + shape.text());
  }
}

}  // namespace

Value Tape::input(const Shape& shape, std::span<const float> numbers, bool differentiable) {
  check_count("input", shape, numbers.size());
  const Value value = make(shape, differentiable);
  visit([&]<class T>(T) { copy_numbers(numbers, data<T>(value)); });
  return value;
}

Value Tape::input(const Shape& shape, std::span<const double> numbers, bool differentiable) {
  check_count("input", shape, numbers.size());
  const Value value = make(shape, differentiable);
  visit([&]<class T>(T) { copy_numbers(numbers, data<T>(value)); });
  return value;
}

Value Tape::constant(const Shape& shape, double number) {
  const Value value = make(shape, false);
  visit([&]<class T>(T) { std::fill_n(data<T>(value), shape.count(), static_cast<T>(number)); });
  return value;
}

Value Tape::parameter(const Parameter& parameter) {
  const Value value = make(parameter.shape(), true);
  visit([&]<class T>(T) {
    const std::int64_t count = parameter.shape().count();
    const std::int64_t offset = parameter.offset();
    std::copy_n(numbers_of<T>(parameter), count, data<T>(value));
    record_backward<T>({value}, [this, offset, count](const T* d_value) {
      kernels::pass_on(d_value, {parameter_gradients<T>() + offset, false}, count);
    });
  });
  return value;
}

void Tape::read(Value value, std::span<float> into) const {
  check_count("read", value.shape(), into.size());
  const_cast<Tape*>(this)->visit(
      [&]<class T>(T) { copy_numbers(std::span<const T>(data<T>(value), into.size()), into.data()); });
}

void Tape::read(Value value, std::span<double> into) const {
  check_count("read", value.shape(), into.size());
  const_cast<Tape*>(this)->visit(
      [&]<class T>(T) { copy_numbers(std::span<const T>(data<T>(value), into.size()), into.data()); });
}

double Tape::number(Value value) const {
  double result = 0;
  read(value, std::span(&result, 1));
  return result;
}

void Tape::read_gradient(Value value, std::span<double> into) {
  check_count("read_gradient", value.shape(), into.size());
  visit([&]<class T>(T) { copy_numbers(std::span<const T>(gradient<T>(value), into.size()), into.data()); });
}

void* Tape::gradient_bytes(Value value, bool zeroed) {
  Node& node = *value.node()->root;
  const std::size_t bytes = bytes_of(value);
  if (node.gradient == nullptr) {
    auto& free = memory_->free_gradients;
    const auto fits =
        std::find_if(free.rbegin(), free.rend(), [bytes](const ArenaMemory& m) { return m.bytes == bytes; });
    if (fits != free.rend()) {
      node.gradient = fits->memory;
      free.erase(std::next(fits).base());
    } else {
      node.gradient = allocate(bytes);
    }
  }
  if (node.gradient_is_fresh) {
    if (zeroed) std::memset(node.gradient, 0, bytes);
    node.gradient_is_fresh = false;
  }
  return node.gradient;
}

const void* Tape::zeros(Value value) {
  ArenaMemory& zeros = memory_->zeros;
  const std::size_t bytes = bytes_of(value);
  if (bytes > zeros.bytes) {
    zeros = {allocate(bytes), bytes};
    std::memset(zeros.memory, 0, bytes);
  }
  return zeros.memory;
}

void Tape::release_gradient(Value value) {
  Node& node = *value.node();
  if (node.root != &node || node.gradient == nullptr || node.gradient_is_lent) return;
  memory_->free_gradients.push_back({node.gradient, bytes_of(value)});
  node.gradient = nullptr;
  node.gradient_is_fresh = true;
}

template <class T>
void Tape::run_backward(Value loss, std::span<T> parameters) {
  if (loss.shape().count() != 1) throw ShapeError("backward: the loss has shape " + loss.shape().text());
  if (parameters.size() != static_cast<std::size_t>(store_.padded_count())) {
    throw ShapeError("backward: room for " + std::to_string(parameters.size()) + " parameter gradients; " +
                     std::to_string(store_.padded_count()) + " are needed");
  }
  if (!recording_) throw Error("backward: the tape was not recording");
  if (ran_backward_) throw Error("backward: it ran for this pass already");
  ran_backward_ = true;
  std::ranges::fill(parameters, T{0});
  parameter_gradients_ = parameters.data();
  *gradient<T>(loss) = T{1};
  for (StepHeader* step = last_step_; step != nullptr; step = step->previous) step->call(step);
  for (StepHeader* state = pass_states_; state != nullptr; state = state->previous) state->call(state);
  parameter_gradients_ = nullptr;
}

void Tape::backward(Value loss, std::span<float> parameters) {
  if (precision_ != Precision::f32) throw Error("backward: f32 gradients asked of an f64 tape");
  run_backward(loss, parameters);
}

void Tape::backward(Value loss, std::span<double> parameters) {
  if (precision_ != Precision::f64) throw Error("backward: f64 gradients asked of an f32 tape");
  run_backward(loss, parameters);
}

std::size_t Tape::bytes_used() const { return memory_->arena.bytes_used(); }
std::size_t Tape::bytes_held() const { return memory_->arena.bytes_held() + memory_->scratch.size(); }

}  // namespace drawlab
