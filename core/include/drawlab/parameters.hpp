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

/// How a parameter's numbers are drawn before training. They depend on (seed, name, position) alone, so that adding
/// another parameter does not change them.
struct Initial {
  enum class Kind { constant, uniform } kind = Kind::constant;
  double value = 0;          // the constant, or the bound of the uniform distribution
  std::int64_t columns = 0;  // how many of a matrix' last columns are orthogonal blocks

  static Initial constant(double value) { return {Kind::constant, value, 0}; }
  static Initial zero() { return constant(0); }
  /// Uniform in ±bound.
  static Initial uniform(double bound) { return {Kind::uniform, bound, 0}; }
  /// Uniform in ±1/√fan_in.
  static Initial fan_in(std::int64_t fan_in);
  /// Makes the last `n` columns of a matrix [k·n,m] k square blocks with orthonormal rows (Saxe, McClelland & Ganguli
  /// 2014, arXiv 1312.6120): for an LSTM's recurrent weights. The other columns stay as this object says.
  Initial with_orthogonal(std::int64_t n) const { return {kind, value, n}; }
};

/// What uses a parameter.
enum class ParameterKind {
  plain,
  weight,       // a matrix [out,in] that linear() or lstm() multiplies with: packed for their products
  lstm_weight,  // the same, multiplied by an LSTM's state: the largest products, whose rate benchmarks measure
};

/// A handle to a learned array of a store: cheap to copy, valid as long as the store.
class Parameter {
 public:
  Parameter() = default;
  const std::string& name() const;
  const Shape& shape() const;
  /// Its position among the store's parameters.
  std::size_t index() const { return index_; }
  const ParameterStore& store() const { return *store_; }
  /// Where its numbers begin in the store's arrays: values(), doubles() and gradients.
  std::int64_t offset() const;

 private:
  friend class ParameterStore;
  Parameter(const ParameterStore& store, std::size_t index) : store_(&store), index_(index) {}
  const ParameterStore* store_ = nullptr;
  std::size_t index_ = 0;
};

/// All parameters of a model, one after the other in a single array. Each starts on a 64-byte boundary; the padding
/// between them stays 0. Training updates the f32 array; the f64 array is for gradient checks.
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
  /// Whether linear() and lstm() take it as a weight.
  bool is_weight(std::size_t index) const { return kind(index) != ParameterKind::plain; }
  /// Count of learned numbers, without padding.
  std::int64_t value_count() const;
  /// Length of the arrays, with padding.
  std::int64_t padded_count() const;

  /// Draws the initial numbers of every parameter.
  void initialise(std::uint64_t seed);
  std::span<float> values();
  std::span<const float> values() const;
  std::span<float> values_of(const Parameter& parameter);
  /// The f64 copy, made by the first call; later changes of one array do not appear in the other. The const form throws
  /// Error if no copy was made.
  std::span<double> doubles();
  std::span<const double> doubles() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Where a part of a model adds its parameters: a store and a name prefix, joined by dots (`read.window.weight`).
class ParameterScope {
 public:
  explicit ParameterScope(ParameterStore& store, std::string prefix = {})
      : store_(&store), prefix_(std::move(prefix)) {}
  /// The scope PREFIX.NAME.
  ParameterScope inside(std::string_view name) const;
  /// Adds the parameter PREFIX.NAME; see ParameterStore::add().
  Parameter add(std::string_view name, const Shape& shape, const Initial& initial,
                ParameterKind kind = ParameterKind::plain) const;

 private:
  ParameterStore* store_;
  std::string prefix_;
};

/// W(x) of the paper: y = x Wᵀ + b; [B,in] -> [B,out]. Parameters NAME.weight [out,in] and NAME.bias [out].
class Linear {
 public:
  /// Weight and bias start uniform in ±1/√in.
  Linear(const ParameterScope& scope, std::string_view name, std::int64_t in, std::int64_t out);
  Linear(const ParameterScope& scope, std::string_view name, std::int64_t in, std::int64_t out, const Initial& weight,
         const Initial& bias, ParameterKind kind = ParameterKind::weight);

  Value operator()(Value x) const;
  /// Applies the layer to the inputs side by side: [B,n1], [B,n2], … with n1 + n2 + … = in.
  Value operator()(std::span<const Value> inputs) const;

  const Parameter& weight() const { return weight_; }
  const Parameter& bias() const { return bias_; }

 private:
  Parameter weight_;
  Parameter bias_;
};

}  // namespace drawlab
