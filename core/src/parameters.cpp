#include "drawlab/parameters.hpp"

#include "drawlab/error.hpp"
#include "drawlab/ops.hpp"
#include "drawlab/random.hpp"

#include "aligned_buffer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace drawlab {

namespace {

constexpr std::int64_t kPadding = 16;  // floats of one cache line

struct ParameterEntry {
  std::string name;
  Shape shape;
  Initial initial;
  ParameterKind kind;
  std::int64_t offset;
};

/// Ties a parameter's initial numbers to its name, so that adding another parameter does not change them.
std::uint64_t name_hash(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

/// Makes the last n columns of a matrix [k·n,m] blocks of n orthonormal rows (Gram-Schmidt on a Gaussian matrix, f64).
void fill_orthogonal(std::span<float> matrix, std::int64_t columns, std::int64_t last, Random& random) {
  const auto m = static_cast<std::size_t>(columns);
  const auto n = static_cast<std::size_t>(last);
  std::vector<double> block(n * n);
  for (std::size_t start = 0; start + n * m <= matrix.size(); start += n * m) {
    for (double& number : block) number = random.normal();
    for (std::size_t row = 0; row < n; ++row) {
      double* const r = &block[row * n];
      for (int pass = 0; pass < 2; ++pass) {  // twice is enough for orthogonality to rounding
        for (std::size_t before = 0; before < row; ++before) {
          const double* const q = &block[before * n];
          const double dot = std::inner_product(r, r + n, q, 0.0);
          for (std::size_t i = 0; i < n; ++i) r[i] -= dot * q[i];
        }
      }
      const double norm = std::sqrt(std::inner_product(r, r + n, r, 0.0));
      for (std::size_t i = 0; i < n; ++i) {
        r[i] /= norm;
        matrix[start + row * m + (m - n) + i] = static_cast<float>(r[i]);
      }
    }
  }
}

}  // namespace

struct ParameterStore::Impl {
  std::vector<ParameterEntry> entries;
  std::int64_t end = 0;
  AlignedBuffer<float> values;
  AlignedBuffer<double> doubles;
};

ParameterStore::ParameterStore() : impl_(std::make_unique<Impl>()) {}
ParameterStore::~ParameterStore() = default;

Initial Initial::fan_in(std::int64_t fan_in) { return uniform(1 / std::sqrt(static_cast<double>(fan_in))); }

const std::string& Parameter::name() const { return store_->name(index_); }
const Shape& Parameter::shape() const { return store_->shape(index_); }
std::int64_t Parameter::offset() const { return store_->offset(index_); }

Parameter ParameterStore::add(const std::string& name, const Shape& shape, const Initial& initial, ParameterKind kind) {
  for (const ParameterEntry& entry : impl_->entries) {
    if (entry.name == name) throw Error("parameter '" + name + "' is added twice");
  }
  impl_->entries.push_back({name, shape, initial, kind, impl_->end});
  impl_->end += (shape.count() + kPadding - 1) / kPadding * kPadding;
  impl_->values.resize(static_cast<std::size_t>(impl_->end));
  return Parameter(*this, impl_->entries.size() - 1);
}

std::size_t ParameterStore::count() const { return impl_->entries.size(); }
const std::string& ParameterStore::name(std::size_t index) const { return impl_->entries[index].name; }
const Shape& ParameterStore::shape(std::size_t index) const { return impl_->entries[index].shape; }
std::int64_t ParameterStore::offset(std::size_t index) const { return impl_->entries[index].offset; }
ParameterKind ParameterStore::kind(std::size_t index) const { return impl_->entries[index].kind; }
std::int64_t ParameterStore::padded_count() const { return impl_->end; }

std::int64_t ParameterStore::value_count() const {
  std::int64_t count = 0;
  for (const ParameterEntry& entry : impl_->entries) count += entry.shape.count();
  return count;
}

void ParameterStore::initialise(std::uint64_t seed) {
  std::ranges::fill(values(), 0.0F);
  for (const ParameterEntry& entry : impl_->entries) {
    const auto numbers =
        values().subspan(static_cast<std::size_t>(entry.offset), static_cast<std::size_t>(entry.shape.count()));
    Random random(seed, Purpose::parameters, 0, name_hash(entry.name));
    switch (entry.initial.kind) {
      case Initial::Kind::constant:
        std::ranges::fill(numbers, static_cast<float>(entry.initial.value));
        break;
      case Initial::Kind::uniform:
        for (float& number : numbers) {
          number = static_cast<float>(random.uniform(-entry.initial.value, entry.initial.value));
        }
        break;
    }
    if (entry.initial.columns > 0) {
      fill_orthogonal(numbers, entry.shape.row_size(), entry.initial.columns, random);
    }
  }
}

std::span<float> ParameterStore::values() { return impl_->values.span(); }
std::span<const float> ParameterStore::values() const { return std::as_const(impl_->values).span(); }

std::span<float> ParameterStore::values_of(const Parameter& parameter) {
  return values().subspan(static_cast<std::size_t>(parameter.offset()),
                          static_cast<std::size_t>(parameter.shape().count()));
}

std::span<double> ParameterStore::doubles() {
  if (impl_->doubles.size() != impl_->values.size()) {
    impl_->doubles.resize(impl_->values.size());
    std::ranges::copy(values(), impl_->doubles.span().begin());
  }
  return impl_->doubles.span();
}

std::span<const double> ParameterStore::doubles() const {
  if (impl_->doubles.size() != impl_->values.size()) throw Error("ParameterStore: the f64 copy was never made");
  return std::as_const(impl_->doubles).span();
}

ParameterScope ParameterScope::inside(std::string_view name) const {
  return ParameterScope(*store_, prefix_.empty() ? std::string(name) : prefix_ + "." + std::string(name));
}

Parameter ParameterScope::add(std::string_view name, const Shape& shape, const Initial& initial,
                              ParameterKind kind) const {
  return store_->add(prefix_.empty() ? std::string(name) : prefix_ + "." + std::string(name), shape, initial, kind);
}

Linear::Linear(const ParameterScope& scope, std::string_view name, std::int64_t in, std::int64_t out)
    : Linear(scope, name, in, out, Initial::fan_in(in), Initial::fan_in(in)) {}

Linear::Linear(const ParameterScope& scope, std::string_view name, std::int64_t in, std::int64_t out,
               const Initial& weight, const Initial& bias, ParameterKind kind)
    : weight_(scope.inside(name).add("weight", {out, in}, weight, kind)),
      bias_(scope.inside(name).add("bias", {out}, bias)) {}

Value Linear::operator()(Value x) const { return linear(x, weight_, bias_); }
Value Linear::operator()(std::span<const Value> inputs) const { return linear(inputs, weight_, bias_); }

}  // namespace drawlab
