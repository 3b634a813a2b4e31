#pragma once

#include "drawlab/random.hpp"
#include "drawlab/read_write.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace drawlab {

/// Where a pass takes its noise from: one stream for each (sample, glimpse), whoever computes it.
struct NoiseKey {
  std::uint64_t seed = 0;
  Purpose purpose = Purpose::latent_evaluation;
  std::uint64_t a = 0;  // the training step, or the number of an evaluation's pass
  double scale = 1;     // the temperature
};

/// Standard normals times the key's scale, [B,size], row b from the stream of samples[b] and `glimpse`.
Value draw_noise(Tape& tape, const NoiseKey& key, std::span<const std::int64_t> samples, std::int64_t glimpse,
                 std::int64_t size);

/// A minibatch, or one shard of it.
struct Batch {
  std::span<const float> images;          // [B,C,H,W]
  std::span<const std::int32_t> labels;   // [B], −1: none
  std::span<const std::int64_t> samples;  // [B], their index in the split: names their noise
};

/// A latent as it was drawn: all that its densities under Q and under the prior follow from.
struct LatentDraw {
  Value mu_log_sigma;  // [B,2D]
  Value noise;         // [B,D]
  Value z;             // [B,D]
};

/// What a pass did at every glimpse; kept only when a picture is to be made or a density is asked for.
struct Trace {
  std::vector<Value> canvases;  // [B,C,H,W], c_1 … c_T
  std::vector<std::optional<Window>> read_windows;
  std::vector<std::optional<Window>> write_windows;
  std::vector<LatentDraw> latents;  // of a forward pass; empty for classification
};

/// What one pass over a batch gives, per sample; values a task does not have are not valid().
struct ForwardPass {
  Value loss;                         // [B,1], what training minimises
  Value reconstruction;               // [B,1], L_x of equation 9 in nats
  Value kl;                           // [B,1], L_z of equation 10 in nats
  std::span<const Value> kl_glimpse;  // T values [B,1], the terms of L_z
  Value logits;                       // [B,K], classification
};

/// A model with its parameters in a store. Const and safe to use from many threads, each with its own tape.
class Model {
 public:
  virtual ~Model() = default;
  virtual const ImageShape& image() const = 0;
  virtual std::int64_t glimpses() const = 0;
  /// `kl_weight`: of L_z in the loss.
  virtual ForwardPass forward(Tape& tape, const Batch& batch, const NoiseKey& noise, double kl_weight,
                              Trace* trace = nullptr) const = 0;
  /// Pictures of the prior: equations 7 and 8 on z from the noise. Throws Error where the model cannot draw.
  virtual void generate(Tape& tape, std::span<const std::int64_t> samples, const NoiseKey& noise,
                        Trace& trace) const = 0;
  /// Sets what starts from the data: `mean` [C,H,W], of the training images.
  virtual void start_from(std::span<const float> mean, ParameterStore& store) const = 0;
};

}  // namespace drawlab
