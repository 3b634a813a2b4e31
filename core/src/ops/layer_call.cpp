#include "ops/layer_call.hpp"

#include <string>

namespace drawlab {

LayerCall::LayerCall(const char* operation, std::span<const Value> values, const Parameter& weights,
                     const Parameter& biases)
    : input_count(values.size()), weight(weights), bias(biases), in(0) {
  if (values.empty() || values.size() > kMaxInputs) {
    throw ShapeError(std::string(operation) + ": 1 to 6 inputs are needed");
  }
  rows = values[0].shape().rows();
  for (std::size_t i = 0; i < values.size(); ++i) {
    inputs[i] = values[i];
    if (values[i].shape().rank() == 0 || values[i].shape().rows() != rows) {
      refuse_shapes(operation, {values[0], values[i]}, "all inputs must have the same batch");
    }
    in += values[i].shape().row_size();
  }
  if (weight.shape().rank() != 2 || weight.shape()[1] != in || !(bias.shape() == Shape{weight.shape()[0]})) {
    throw ShapeError(std::string(operation) + ": inputs of " + std::to_string(in) + " numbers a sample, weight " +
                     weight.shape().text() + " (" + weight.name() + ") and bias " + bias.shape().text() +
                     " do not fit");
  }
  if (!weight.store().is_weight(weight.index())) {
    throw ShapeError(std::string(operation) + ": " + weight.name() +
                     " was added without `weight`, which what linear() multiplies with needs");
  }
  out = weight.shape()[0];
}

CollectedRows::CollectedRows(Tape& tape)
    : tape_(&tape),
      latest_(tape.allocate<kernels::RowChunk*>(static_cast<std::int64_t>(tape.store().count())),
              tape.store().count()) {
  std::ranges::fill(latest_, nullptr);
}

kernels::RowChunk*& CollectedRows::latest(const Parameter& weight) {
  if (weight.index() >= latest_.size()) {
    throw ShapeError(weight.name() + " was added during a pass; add parameters when a mode is made");
  }
  return latest_[weight.index()];
}

void CollectedRows::finish() const {
  const WorkScope work(tape_->engine(), Part::products);
  if (tape_->precision() == Precision::f32) {
    float* const gradients = tape_->parameter_gradients<float>();
    return tape_->engine().multiplies_bf16() ? finish_blocks<Bf16>(gradients) : finish_blocks<float>(gradients);
  }
  const ParameterStore& store = tape_->store();
  for (std::size_t i = 0; i < latest_.size(); ++i) {
    if (latest_[i] == nullptr) continue;
    const kernels::WeightSize size{store.shape(i)[0], store.shape(i)[1]};
    kernels::weight_gradient(*latest_[i], size, tape_->parameter_gradients<double>() + store.offset(i));
  }
}

template <class S>
void CollectedRows::finish_blocks(float* gradients) const {
  const ParameterStore& store = tape_->store();
  const auto size = [&](std::size_t i) { return kernels::WeightSize{store.shape(i)[0], store.shape(i)[1]}; };
  const auto blocks = [&](std::size_t i) { return kernels::Products::weight_blocks<S>(size(i)); };
  std::int64_t count = 0;
  for (std::size_t i = 0; i < latest_.size(); ++i) count += latest_[i] == nullptr ? 0 : blocks(i).count();
  const auto make_block = [&](std::int64_t index, Engine& engine) {
    std::size_t i = 0;
    for (; latest_[i] == nullptr || index >= blocks(i).count(); ++i) {
      if (latest_[i] != nullptr) index -= blocks(i).count();
    }
    engine.products.weight_gradient<S>(*latest_[i], blocks(i)[index], size(i), gradients + store.offset(i));
  };
  Engine& engine = tape_->engine();
  if (engine.helpers != nullptr) {
    engine.helpers->share(count, make_block);
  } else {
    for (std::int64_t block = 0; block < count; ++block) make_block(block, engine);
  }
}

}  // namespace drawlab
