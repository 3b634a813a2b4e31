#pragma once

#include "drawlab/random.hpp"
#include "drawlab/read_write.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace drawlab {

/// Selects the noise of a pass. Each (sample, glimpse) has a stream of its own, so threads do not matter.
struct NoiseKey {
  std::uint64_t seed = 0;
  Purpose purpose = Purpose::latent_evaluation;
  std::uint64_t a = 0;  // the training step, or the pass of an evaluation
  double scale = 1;     // the temperature
};

/// Standard normals times the key's scale, [B,size]; row b comes from the stream of samples[b] and `glimpse`.
Value draw_noise(Tape& tape, const NoiseKey& key, std::span<const std::int64_t> samples, std::int64_t glimpse,
                 std::int64_t size);

/// A minibatch, or one shard of it.
struct Batch {
  std::span<const float> images;          // [B,C,H,W]
  std::span<const std::int32_t> labels;   // [B], −1: none
  std::span<const std::int64_t> samples;  // [B], their indices in the split, which select their noise
};

/// A drawn latent, with everything that its densities under Q and under the prior need.
struct LatentDraw {
  Value mu_log_sigma;  // [B,2D]
  Value noise;         // [B,D]
  Value z;             // [B,D]
};

/// The intermediate values of each glimpse, kept for pictures and densities only.
struct Trace {
  std::vector<Value> canvases;  // [B,C,H,W], c_1 … c_T
  std::vector<std::optional<Window>> read_windows;
  std::vector<std::optional<Window>> write_windows;
  std::vector<LatentDraw> latents;  // of a forward pass; empty for classification
};

/// The results of a pass, per sample. Values that the task does not have are not valid().
struct ForwardPass {
  Value loss;                         // [B,1], minimised by training
  Value reconstruction;               // [B,1], L_x of equation 9 in nats
  Value kl;                           // [B,1], L_z of equation 10 in nats
  std::span<const Value> kl_glimpse;  // T values [B,1], the terms of L_z
  Value logits;                       // [B,K], classification
};

/// A model with its parameters in a store. Const; several threads may use it, each with its own tape.
class Model {
 public:
  virtual ~Model() = default;
  virtual const ImageShape& image() const = 0;
  virtual std::int64_t glimpses() const = 0;
  /// `kl_weight` multiplies L_z in the loss.
  virtual ForwardPass forward(Tape& tape, const Batch& batch, const NoiseKey& noise, double kl_weight,
                              Trace* trace = nullptr) const = 0;
  /// Draws images from the prior: equations 7 and 8 with z from the noise. Throws Error if the model cannot draw.
  virtual void generate(Tape& tape, std::span<const std::int64_t> samples, const NoiseKey& noise,
                        Trace& trace) const = 0;
  /// Initialises parameters that start from the data; `mean` [C,H,W] is the mean of the training images.
  virtual void start_from(std::span<const float> mean, ParameterStore& store) const = 0;
};

}  // namespace drawlab
