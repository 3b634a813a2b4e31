#include "drawlab/tape.hpp"

#include "kernels/elementwise.hpp"
#include "tape_impl.hpp"

#include <algorithm>
#include <new>
#include <vector>

namespace drawlab {

namespace {

/// The first block is small, for tapes that are made for a few operations; the others fill huge pages.
constexpr std::size_t kFirstBlock = std::size_t{256} << 10;
constexpr std::size_t kBlock = std::size_t{8} << 20;

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

template <class T>
std::span<const T> store_values(const ParameterStore& store);
template <>
std::span<const float> store_values(const ParameterStore& store) {
  return store.values();
}
template <>
std::span<const double> store_values(const ParameterStore& store) {
  return store.doubles();
}

}  // namespace

// ---- the arena ----

Arena::~Arena() {
  for (const Block& block : blocks_) free_pages(block.memory, block.size);
}

void* Arena::allocate(std::size_t bytes) {
  bytes = round_up(std::max<std::size_t>(bytes, 1), kCacheLine);
  while (current_ < blocks_.size() && offset_ + bytes > blocks_[current_].size) {
    ++current_;
    offset_ = 0;
  }
  if (current_ == blocks_.size()) {
    const bool small = blocks_.empty() && bytes <= kFirstBlock;
    const std::size_t size = small ? kFirstBlock : round_up(std::max(bytes, kBlock), kHugePage);
    blocks_.push_back({static_cast<std::byte*>(allocate_pages(size)), size});
    held_ += size;
  }
  void* const result = blocks_[current_].memory + offset_;
  offset_ += bytes;
  used_ += bytes;
  return result;
}

void Arena::reset() {
  current_ = 0;
  offset_ = 0;
  used_ = 0;
}

// ---- the tape ----

Tape::Tape(const ParameterStore& store, Precision precision)
    : store_(store), precision_(precision), impl_(std::make_unique<Impl>()) {
  impl_->chunks.resize(store.count());
}

Tape::~Tape() = default;

void Tape::reset() {
  impl_->arena.reset();
  std::ranges::fill(impl_->chunks, nullptr);
  impl_->free_gradients.clear();
  impl_->zeros = {nullptr, 0};
  impl_->walked_back = false;
  last_step_ = nullptr;
}

Part Tape::enter(Part part) {
  const Part before = part_;
  part_ = part;
  impl_->clock.enter(part);
  return before;
}

void* Tape::allocate(std::size_t bytes) { return impl_->arena.allocate(bytes); }

void* Tape::scratch(std::size_t bytes) {
  impl_->scratch.reserve_at_least(bytes);
  return impl_->scratch.data();
}

Value Tape::make(const Shape& shape, bool needs_gradient) {
  auto* const node = new (allocate(sizeof(Node))) Node();
  node->shape = shape;
  node->root = node;
  node->tape = this;
  node->needs_gradient = needs_gradient && recording_;
  const std::size_t size = precision_ == Precision::f32 ? sizeof(float) : sizeof(double);
  node->data = allocate(static_cast<std::size_t>(shape.count()) * size);
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
    std::copy_n(store_values<T>(store_).data() + offset, count, data<T>(value));
    if (!recording_) return;
    record([this, value, offset, count] {
      if (!has_gradient(value)) return;
      kernels::pass_on(gradient<T>(value), parameter_gradients<T>() + offset, count, false);
      release_gradient(value);
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
  const std::size_t size = precision_ == Precision::f32 ? sizeof(float) : sizeof(double);
  const std::size_t bytes = static_cast<std::size_t>(node.shape.count()) * size;
  if (node.gradient == nullptr) {
    auto& free = impl_->free_gradients;
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
  const std::size_t size = precision_ == Precision::f32 ? sizeof(float) : sizeof(double);
  const std::size_t bytes = static_cast<std::size_t>(value.shape().count()) * size;
  if (bytes > impl_->zeros.bytes) {
    impl_->zeros = {allocate(bytes), bytes};
    std::memset(impl_->zeros.memory, 0, bytes);
  }
  return impl_->zeros.memory;
}

void Tape::release_gradient(Value value) {
  Node& node = *value.node();
  if (node.root != &node || node.gradient == nullptr) return;
  const std::size_t size = precision_ == Precision::f32 ? sizeof(float) : sizeof(double);
  impl_->free_gradients.push_back({node.gradient, static_cast<std::size_t>(node.shape.count()) * size});
  node.gradient = nullptr;
  node.gradient_is_fresh = true;
}

namespace {

/// The linear layers' weights' gradients, of the rows that the whole pass has collected.
void make_weight_gradients(Tape::Impl& tape, const ParameterStore& store, std::span<double> gradients) {
  for (std::size_t i = 0; i < tape.chunks.size(); ++i) {
    if (tape.chunks[i] == nullptr) continue;
    const Shape& shape = store.shape(i);
    kernels::weight_gradient(*tape.chunks[i], shape[0], shape[1], gradients.data() + store.offset(i));
  }
}

template <class S>
void make_weight_gradients_of(Tape::Impl& tape, const ParameterStore& store, std::span<float> gradients) {
  const auto blocks = [&](std::size_t i) {
    return kernels::Products::weight_blocks<S>(store.shape(i)[0], store.shape(i)[1]);
  };
  std::int64_t count = 0;
  for (std::size_t i = 0; i < tape.chunks.size(); ++i) count += tape.chunks[i] == nullptr ? 0 : blocks(i).count();
  const auto make_block = [&](std::int64_t index, kernels::Products& products) {
    std::size_t i = 0;
    for (; tape.chunks[i] == nullptr || index >= blocks(i).count(); ++i) {
      if (tape.chunks[i] != nullptr) index -= blocks(i).count();
    }
    products.weight_gradient<S>(*tape.chunks[i], blocks(i)[index], store.shape(i)[0], store.shape(i)[1],
                                gradients.data() + store.offset(i));
  };
  if (tape.idle_threads != nullptr) {
    tape.idle_threads->share(count, make_block);
  } else {
    for (std::int64_t block = 0; block < count; ++block) make_block(block, tape.products);
  }
}

void make_weight_gradients(Tape::Impl& tape, const ParameterStore& store, std::span<float> gradients) {
  if (tape.multiplies_bf16()) {
    make_weight_gradients_of<kernels::Bf16>(tape, store, gradients);
  } else {
    make_weight_gradients_of<float>(tape, store, gradients);
  }
}

}  // namespace

template <class T>
void Tape::run_backward(Value loss, std::span<T> parameters) {
  if (loss.shape().count() != 1) throw ShapeError("backward: the loss has shape " + loss.shape().text());
  if (parameters.size() != static_cast<std::size_t>(store_.padded_count())) {
    throw ShapeError("backward: room for " + std::to_string(parameters.size()) + " parameter gradients; " +
                     std::to_string(store_.padded_count()) + " are needed");
  }
  if (!recording_) throw Error("backward: the tape was not recording");
  if (impl_->walked_back) throw Error("backward: this pass was walked back already");
  impl_->walked_back = true;
  std::ranges::fill(parameters, T{0});
  parameter_gradients_ = parameters.data();
  *gradient<T>(loss) = T{1};
  const Part before = part_;
  for (StepHeader* step = last_step_; step != nullptr; step = step->previous) {
    enter(step->part);
    step->call(step);
  }
  {
    const PartScope part(*this, Part::products);
    make_weight_gradients(*impl_, store_, parameters);
  }
  enter(before);
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

std::size_t Tape::bytes_used() const { return impl_->arena.bytes_used(); }
std::size_t Tape::bytes_held() const { return impl_->arena.bytes_held() + impl_->scratch.size(); }

}  // namespace drawlab
