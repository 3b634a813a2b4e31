#include "digits.hpp"

#include "../fill_request.hpp"

namespace drawlab::digits {

void DigitsOptions::declare(OptionTable& table) {
  table.choice(
      "binarization", binarization,
      {{"none", Binarization::none}, {"threshold", Binarization::threshold}, {"stochastic", Binarization::stochastic}},
      "how grey levels become pixels: left grey, cut at one half, or drawn with the grey level's probability");
  table.integer("seed", seed, 0, 4294967295, "which digits are written; another seed gives other samples throughout");
  table.integer("train", train, 1, 100000000, "samples of the training split");
  table.integer("validation", validation, 1, 100000000, "samples of the validation split");
  table.integer("test", test, 1, 100000000, "samples of the test split");
}

Digits::Digits(const Options& options, const DatasetContext& context)
    : binarization_(options.binarization), seed_(static_cast<std::uint64_t>(options.seed)), run_seed_(context.seed()) {
  info_.name = "digits";
  info_.image = {1, kSide, kSide};
  info_.counts = {options.train, options.validation, options.test};
  info_.classes = 10;
  info_.label_meaning = "the digit";
  info_.pixels = pixel_kind(options.binarization);
  info_.values = values_text(options.binarization);
  info_.provenance = "drawn from stroke templates by drawlab's digits plugin, generator version " +
                     std::to_string(kGeneratorVersion) + ", seed " + std::to_string(options.seed);
  info_.checksum = "digits-" + std::to_string(kGeneratorVersion) + "-seed-" + std::to_string(options.seed);
}

void Digits::fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
                  std::span<std::int32_t> labels) const {
  check_fill(info_, split, indices, images, labels);
  Picture picture;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    Random random(seed_, Purpose::data, static_cast<std::uint64_t>(split), static_cast<std::uint64_t>(indices[i]));
    labels[i] = static_cast<std::int32_t>(random.below(10));
    handwriting_.write(labels[i], random, picture);
    write_pixels(picture, binarization_, binarization_key(run_seed_, split, indices[i], epoch),
                 images.subspan(i * picture.size(), picture.size()));
  }
}

}  // namespace drawlab::digits
