#pragma once

#include "drawlab/parameters.hpp"
#include "drawlab/tape.hpp"

#include "kernels/elementwise.hpp"
#include "kernels/optimiser.hpp"
#include "kernels/products.hpp"
#include "part_clock.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace drawlab {

// Rooms above the operations use kernels through this header alone.
using kernels::Bf16;
using kernels::has_bf16_products;
using kernels::ProductPrecision;
using kernels::use_one_product_thread;

/// A parameter's numbers in f32 or f64.
template <class T>
const T* numbers_of(const Parameter& parameter) {
  if constexpr (std::is_same_v<T, float>) {
    return parameter.store().values().data() + parameter.offset();
  } else {
    return parameter.store().doubles().data() + parameter.offset();
  }
}

/// The weights of a store, packed for products. Shared by all engines; pack() anew after every change of the weights.
class PackedWeights {
 public:
  /// `rows`: of the matrices that the weights will mostly be multiplied with. Throws ConfigError if the processor lacks
  /// the precision.
  PackedWeights(const ParameterStore& store, std::int64_t rows, ProductPrecision precision = ProductPrecision::f32);

  ProductPrecision precision() const { return precision_; }
  /// Bytes of all copies.
  std::size_t bytes() const;
  /// Number of weights. Different threads may pack different indices.
  std::int64_t count() const { return static_cast<std::int64_t>(packed_.size()); }
  void pack(std::int64_t index) { packed_[static_cast<std::size_t>(index)].pack(); }
  void pack_all();
  /// The packed form of a parameter, or null if it was not added as a weight.
  const kernels::PackedWeight* find(const Parameter& weight) const;

 private:
  ProductPrecision precision_;
  std::vector<kernels::PackedWeight> packed_;
  std::vector<std::int64_t> position_;  // in packed_, by parameter index; −1 if it is no weight
};

class Engine;

/// Threads that have no shard left and compute parts of another thread's backward pass.
class Helpers {
 public:
  Helpers() = default;
  Helpers(const Helpers&) = delete;
  Helpers& operator=(const Helpers&) = delete;
  virtual ~Helpers() = default;
  /// Calls task(index, engine) for every index below `count`, each with the engine of the thread that runs it, and
  /// waits. Rethrows an exception of a task. Call it from a thread that has a tape.
  template <class Task>
  void share(std::int64_t count, const Task& task) {
    share_each(count, {&task, [](const void* called, std::int64_t index, Engine& engine) {
                         (*static_cast<const Task*>(called))(index, engine);
                       }});
  }

 protected:
  /// A task without the memory that a std::function would allocate for each call.
  struct HelperTask {
    const void* task;
    void (*call)(const void* task, std::int64_t index, Engine& engine);
  };
  virtual void share_each(std::int64_t count, const HelperTask& task) = 0;
};

/// What one thread computes with beside its tape: matrix products, packed weights, helper threads and a clock.
class Engine {
 public:
  kernels::Products products;
  const PackedWeights* packed = nullptr;  // null: the store's weights are multiplied as they are
  Helpers* helpers = nullptr;             // null: this thread computes everything itself
  PartClock clock;

  bool multiplies_bf16() const { return packed != nullptr && packed->precision() == ProductPrecision::bf16; }
  /// A parameter [out,in] as the right-hand side of products, packed if it is.
  kernels::Weight<float> weight(const Parameter& parameter) const;
};

/// Attributes the operations inside its scope and their backward steps to `part`.
class PartScope {
 public:
  PartScope(Tape& tape, Part part) : tape_(tape), part_(part), before_(tape.engine().clock.enter(part)) {
    mark(before_);  // backward() comes here last
  }
  ~PartScope() {
    mark(part_);
    tape_.engine().clock.enter(before_);
  }
  PartScope(const PartScope&) = delete;
  PartScope& operator=(const PartScope&) = delete;

 private:
  void mark(Part part) {
    PartClock* const clock = &tape_.engine().clock;
    if (clock->on() && tape_.recording()) tape_.record([clock, part] { clock->enter(part); });
  }
  Tape& tape_;
  Part part_;
  Part before_;
};

/// Attributes the work inside its scope to `part`, within a backward step or where nothing is recorded.
class WorkScope {
 public:
  WorkScope(Engine& engine, Part part) : clock_(engine.clock), before_(clock_.enter(part)) {}
  ~WorkScope() { clock_.enter(before_); }
  WorkScope(const WorkScope&) = delete;
  WorkScope& operator=(const WorkScope&) = delete;

 private:
  PartClock& clock_;
  Part before_;
};

}  // namespace drawlab
