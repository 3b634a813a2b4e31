#include "engine.hpp"

#include "drawlab/error.hpp"

namespace drawlab {

namespace {

kernels::Weight<float> plain_weight(const Parameter& parameter) {
  const Shape& shape = parameter.shape();
  return {numbers_of<float>(parameter), shape[0], shape[1], nullptr};
}

}  // namespace

PackedWeights::PackedWeights(const ParameterStore& store, std::int64_t rows, ProductPrecision precision)
    : precision_(precision) {
  if (precision == ProductPrecision::bf16 && !has_bf16_products()) {
    throw ConfigError(
        "precision bf16 needs a processor that multiplies bf16 by itself (AVX-512 BF16), and this is none; "
        "f32 works everywhere");
  }
  for (std::size_t i = 0; i < store.count(); ++i) {
    position_.push_back(store.is_weight(i) ? count() : -1);
    if (store.is_weight(i)) packed_.emplace_back(plain_weight(store.at(i)), rows, precision);
  }
  pack_all();
}

std::size_t PackedWeights::bytes() const {
  std::size_t bytes = 0;
  for (const kernels::PackedWeight& weight : packed_) bytes += weight.bytes();
  return bytes;
}

void PackedWeights::pack_all() {
  for (kernels::PackedWeight& weight : packed_) weight.pack();
}

const kernels::PackedWeight* PackedWeights::find(const Parameter& weight) const {
  const std::int64_t position = position_[weight.index()];
  return position < 0 ? nullptr : &packed_[static_cast<std::size_t>(position)];
}

kernels::Weight<float> Engine::weight(const Parameter& parameter) const {
  kernels::Weight<float> weight = plain_weight(parameter);
  if (packed != nullptr) weight.packed = packed->find(parameter);
  return weight;
}

}  // namespace drawlab
