#pragma once

#include "model/lstm_layer.hpp"
#include "model/model.hpp"
#include "model/model_options.hpp"

#include <functional>
#include <memory>

namespace drawlab {

/// The differentiable RAM: T glimpses of x, steered by the encoder's own state, then a softmax on the last h_enc.
class GlimpseClassifier final : public Model {
 public:
  GlimpseClassifier(const ModelOptions& options, const ImageShape& image, std::int64_t classes,
                    const std::function<std::unique_ptr<ReadMode>(const ReadSetup&)>& make_read, ParameterStore& store);

  const ImageShape& image() const override { return image_; }
  std::int64_t glimpses() const override { return options_.glimpses; }
  ForwardPass forward(Tape& tape, const Batch& batch, const NoiseKey& noise, double kl_weight,
                      Trace* trace) const override;
  void generate(Tape& tape, std::span<const std::int64_t> samples, const NoiseKey& noise, Trace& trace) const override;
  void start_from(std::span<const float>, ParameterStore&) const override {}

 private:
  ModelOptions options_;
  ImageShape image_;
  std::unique_ptr<ReadMode> read_;
  LstmLayer encoder_;
  Linear classes_;
};

}  // namespace drawlab
