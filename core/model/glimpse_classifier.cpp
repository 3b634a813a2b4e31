#include "model/glimpse_classifier.hpp"

#include "drawlab/ops.hpp"

#include "engine.hpp"

namespace drawlab {

GlimpseClassifier::GlimpseClassifier(const ModelOptions& options, const ImageShape& image, std::int64_t classes,
                                     const std::function<std::unique_ptr<ReadMode>(const ReadSetup&)>& make_read,
                                     ParameterStore& store)
    : options_(options),
      image_(image),
      read_(make_read({ParameterScope(store, "read"), image, options.hidden, 1})),
      encoder_(ParameterScope(store), "encoder", read_->patch_size(), options),
      classes_(ParameterScope(store), "classes", options.hidden, classes) {}

ForwardPass GlimpseClassifier::forward(Tape& tape, const Batch& batch, const NoiseKey&, double, Trace* trace) const {
  const auto rows = static_cast<std::int64_t>(batch.samples.size());
  const Value x = tape.input({rows, image_.channels, image_.height, image_.width}, batch.images);
  LstmLayer::State enc = encoder_.start(tape, rows);
  for (std::int64_t t = 0; t < options_.glimpses; ++t) {
    const ReadResult r = [&] {
      const PartScope part(tape, Part::modes);
      return read_->read(std::span(&x, 1), enc.h);
    }();
    enc = encoder_.step(std::span(&r.patch, 1), enc);
    if (trace != nullptr) trace->read_windows.push_back(r.window);
  }
  ForwardPass pass;
  pass.logits = classes_(enc.h);
  pass.loss = softmax_nll(pass.logits, batch.labels);
  return pass;
}

void GlimpseClassifier::generate(Tape&, std::span<const std::int64_t>, const NoiseKey&, Trace&) const {
  throw Error("a classifier draws no pictures");
}

}  // namespace drawlab
