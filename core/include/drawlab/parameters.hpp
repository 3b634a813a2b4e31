#pragma once

#include "drawlab/shape.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drawlab {

class ParameterStore;
class Tape;
class Value;

/// How a parameter's numbers are drawn before training, from (seed, name, position) alone.
struct Initial {
  enum class Kind { constant, uniform } kind = Kind::constant;
  double value = 0;          // the constant, or the bound of the uniform distribution
  std::int64_t columns = 0;  // the last ones of a matrix, which orthogonal() replaces

  static Initial constant(double value) { return {Kind::constant, value, 0}; }
  static Initial zero() { return constant(0); }
  /// Uniform in ±bound.
  static Initial uniform(double bound) { return {Kind::uniform, bound, 0}; }
  /// Uniform in ±1/√fan_in.
  static Initial fan_in(std::int64_t fan_in);
  /// The last `n` columns of a matrix [k·n,m] as k square blocks with orthonormal rows (Saxe, McClelland & Ganguli
  /// 2014, arXiv 1312.6120), the others as they are: an LSTM's recurrent weights.
  Initial with_orthogonal(std::int64_t n) const { return {kind, value, n}; }
};

/// What uses a parameter.
enum class ParameterKind {
  plain,
  weight,       // a weight of linear(), which keeps it packed
  lstm_weight,  // the same, multiplied by an LSTM's state: the largest products of a model, whose rate benchmarks
                // measure
};

/// A learned array: a handle into its store, cheap to copy.
class Parameter {
 public:
  Parameter() = default;
  const std::string& name() const;
  const Shape& shape() const;
  std::size_t index() const { return index_; }
  const ParameterStore& store() const { return *store_; }
  /// Where its numbers begin in the store's arrays.
  std::int64_t offset() const;

 private:
  friend class ParameterStore;
  Parameter(const ParameterStore& store, std::size_t index) : store_(&store), index_(index) {}
  const ParameterStore* store_ = nullptr;
  std::size_t index_ = 0;
};

/// Every parameter of a model, one behind the other in a single array (each starts on a 64-byte boundary; the padding
/// between them stays 0). The f32 array is what trains; the f64 one exists for gradient checks.
class ParameterStore {
 public:
  ParameterStore();
  ~ParameterStore();
  ParameterStore(const ParameterStore&) = delete;
  ParameterStore& operator=(const ParameterStore&) = delete;

  /// Adds a parameter. Throws Error if the name is taken.
  Parameter add(const std::string& name, const Shape& shape, const Initial& initial,
                ParameterKind kind = ParameterKind::plain);

  std::size_t count() const;
  Parameter at(std::size_t index) const { return Parameter(*this, index); }
  const std::string& name(std::size_t index) const;
  const Shape& shape(std::size_t index) const;
  std::int64_t offset(std::size_t index) const;
  ParameterKind kind(std::size_t index) const;
  /// Whether linear() takes it as a weight.
  bool is_weight(std::size_t index) const { return kind(index) != ParameterKind::plain; }
  /// Numbers that are learned, padding not counted.
  std::int64_t value_count() const;
  /// The length of the arrays, padding counted.
  std::int64_t padded_count() const;

  /// Draws every parameter's first numbers.
  void initialise(std::uint64_t seed);
  std::span<float> values();
  std::span<const float> values() const;
  std::span<float> values_of(const Parameter& parameter);
  /// The f64 copy, made on first use; later changes of one array do not show in the other.
  std::span<double> doubles();
  std::span<const double> doubles() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Where a part of a model adds its parameters: a store and a dotted prefix (`read.window.weight`).
class ParameterScope {
 public:
  explicit ParameterScope(ParameterStore& store, std::string prefix = {})
      : store_(&store), prefix_(std::move(prefix)) {}
  ParameterScope inside(std::string_view name) const;
  Parameter add(std::string_view name, const Shape& shape, const Initial& initial,
                ParameterKind kind = ParameterKind::plain) const;

 private:
  ParameterStore* store_;
  std::string prefix_;
};

/// W(x) of the paper: y = x Wᵀ + b, weight [out,in], bias [out]; [B,in] -> [B,out].
class Linear {
 public:
  /// Weights and biases start uniform in ±1/√in.
  Linear(const ParameterScope& scope, std::string_view name, std::int64_t in, std::int64_t out);
  Linear(const ParameterScope& scope, std::string_view name, std::int64_t in, std::int64_t out, const Initial& weight,
         const Initial& bias, ParameterKind kind = ParameterKind::weight);

  Value operator()(Value x) const;
  /// The inputs side by side, as if concatenated: [B,n1], [B,n2], … with n1 + n2 + … = in.
  Value operator()(std::span<const Value> inputs) const;

  const Parameter& weight() const { return weight_; }
  const Parameter& bias() const { return bias_; }

 private:
  Parameter weight_;
  Parameter bias_;
};

}  // namespace drawlab
