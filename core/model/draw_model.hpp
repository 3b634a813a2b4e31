#pragma once

#include "model/lstm_layer.hpp"
#include "model/model.hpp"
#include "model/model_options.hpp"

#include <functional>
#include <memory>

namespace drawlab {

/// DRAW: the recurrence of equations 1 to 12 around any read and any write mode.
class DrawModel final : public Model {
 public:
  /// Makes a mode once its setup is known.
  template <class Mode, class Setup>
  using Maker = std::function<std::unique_ptr<Mode>(const Setup&)>;

  DrawModel(const ModelOptions& options, const ImageShape& image, const Maker<ReadMode, ReadSetup>& make_read,
            const Maker<WriteMode, WriteSetup>& make_write, ParameterStore& store);

  const ImageShape& image() const override { return image_; }
  std::int64_t glimpses() const override { return options_.glimpses; }
  ForwardPass forward(Tape& tape, const Batch& batch, const NoiseKey& noise, double kl_weight,
                      Trace* trace) const override;
  void generate(Tape& tape, std::span<const std::int64_t> samples, const NoiseKey& noise, Trace& trace) const override;
  void start_from(std::span<const float> mean, ParameterStore& store) const override;

 private:
  /// c_t = c_{t−1} + write(h_dec_t) (equation 8).
  Value write_step(Tape& tape, Value canvas, Value h_dec, Trace* trace) const;

  ModelOptions options_;
  ImageShape image_;
  std::unique_ptr<ReadMode> read_;
  std::unique_ptr<WriteMode> write_;
  LstmLayer encoder_;
  Linear latent_;
  LstmLayer decoder_;
  Parameter canvas0_;
};

}  // namespace drawlab
