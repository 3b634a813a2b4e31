#include "model/draw_model.hpp"

#include "drawlab/ops.hpp"

#include "engine.hpp"
#include "ops/draw_on.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace drawlab {

namespace {

template <class Mode>
std::unique_ptr<Mode> require_mode(std::unique_ptr<Mode> mode) {
  if (mode == nullptr) throw PluginError("a plugin's factory returned nothing");
  return mode;
}

}  // namespace

DrawModel::DrawModel(const ModelOptions& options, const ImageShape& image, const Maker<ReadMode, ReadSetup>& make_read,
                     const Maker<WriteMode, WriteSetup>& make_write, ParameterStore& store)
    : options_(options),
      image_(image),
      read_(require_mode(make_read({ParameterScope(store, "read"), image, options.hidden, 2}))),
      write_(require_mode(make_write({ParameterScope(store, "write"), image, options.hidden}))),
      encoder_(ParameterScope(store), "encoder", read_->patch_size() + options.hidden, options),
      latent_(ParameterScope(store), "latent", options.hidden, 2 * std::int64_t{options.latent}),
      decoder_(ParameterScope(store), "decoder", options.latent, options),
      canvas0_(ParameterScope(store).add("canvas0", {image.channels, image.height, image.width}, Initial::zero())) {}

void DrawModel::start_from(std::span<const float> mean, ParameterStore& store) const {
  if (options_.canvas_start != ModelOptions::CanvasStart::data_mean) return;
  static constexpr float kLeast = 0.01F;  // a pixel that is never set keeps a finite logit and a gradient
  std::ranges::transform(mean, store.values_of(canvas0_).begin(), [](float p) {
    const float held = std::clamp(p, kLeast, 1 - kLeast);
    return std::log(held / (1 - held));
  });
}

Value DrawModel::write_step(Tape& tape, Value canvas, Value h_dec, Trace* trace) const {
  const WriteResult written = [&] {
    const PartScope part(tape, Part::modes);
    return write_->write(h_dec);
  }();
  const PartScope part(tape, Part::canvas);
  if (trace == nullptr) return draw_on(canvas, written.update);
  trace->canvases.push_back(add(canvas, written.update));
  trace->write_windows.push_back(written.window);
  return trace->canvases.back();
}

ForwardPass DrawModel::forward(Tape& tape, const Batch& batch, const NoiseKey& noise, double kl_weight,
                               Trace* trace) const {
  const auto rows = static_cast<std::int64_t>(batch.samples.size());
  const Value x = tape.input({rows, image_.channels, image_.height, image_.width}, batch.images);
  Value canvas = repeat_rows(tape.parameter(canvas0_), rows);
  LstmLayer::State enc = encoder_.start(tape, rows);
  LstmLayer::State dec = decoder_.start(tape, rows);
  Value* const kl_glimpse = tape.allocate<Value>(options_.glimpses);

  ForwardPass pass;
  for (std::int64_t t = 0; t < options_.glimpses; ++t) {
    const std::array<Value, 2> images{x, error_image(x, canvas)};  // equation 3
    const ReadResult r = [&] {                                     // equation 4
      const PartScope part(tape, Part::modes);
      return read_->read(images, dec.h);
    }();
    const std::array<Value, 2> seen{r.patch, dec.h};
    enc = encoder_.step(seen, enc);  // equation 5
    const Value epsilon = draw_noise(tape, noise, batch.samples, t, options_.latent);
    const Value mu_log_sigma = latent_(enc.h);
    const auto [z, kl] = gaussian_latent(mu_log_sigma, epsilon);  // equations 1, 2, 6 and 11
    dec = decoder_.step(std::span(&z, 1), dec);                   // equation 7
    canvas = write_step(tape, canvas, dec.h, trace);              // equation 8
    if (trace != nullptr) {
      trace->read_windows.push_back(r.window);
      trace->latents.push_back({mu_log_sigma, epsilon, z});
    }
    kl_glimpse[t] = kl;
    pass.kl = t == 0 ? kl : add(pass.kl, kl);
  }
  pass.kl_glimpse = {kl_glimpse, static_cast<std::size_t>(options_.glimpses)};
  pass.reconstruction = bernoulli_nll(x, canvas);                       // equation 9
  pass.loss = add(pass.reconstruction, affine(pass.kl, kl_weight, 0));  // equation 12
  return pass;
}

void DrawModel::generate(Tape& tape, std::span<const std::int64_t> samples, const NoiseKey& noise, Trace& trace) const {
  const auto rows = static_cast<std::int64_t>(samples.size());
  Value canvas = repeat_rows(tape.parameter(canvas0_), rows);
  LstmLayer::State dec = decoder_.start(tape, rows);
  for (std::int64_t t = 0; t < options_.glimpses; ++t) {
    const Value z = draw_noise(tape, noise, samples, t, options_.latent);
    dec = decoder_.step(std::span(&z, 1), dec);
    canvas = write_step(tape, canvas, dec.h, &trace);
  }
}

}  // namespace drawlab
