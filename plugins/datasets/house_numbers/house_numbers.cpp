#include "house_numbers.hpp"

#include "../crop.hpp"
#include "../fill_request.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace drawlab::house_numbers {

namespace {

constexpr int kMostDigits = 5;
constexpr std::int64_t kMostSamples = 100000000;
constexpr std::int64_t kGlyphPixels = kGlyphSide * kGlyphSide;
// Separate the random streams of this dataset from each other and from those of other datasets with the same seed.
constexpr std::uint32_t kScenes = 32;
constexpr std::uint32_t kCrops = 40;
// How many of a hundred numbers have that length; most real ones have two or three digits.
constexpr std::array<std::uint32_t, kMostDigits> kLengths = {15, 45, 28, 11, 1};

float brightness(const Rgb& color) { return 0.3F * color[0] + 0.59F * color[1] + 0.11F * color[2]; }

Rgb draw_color(Random& random) {
  // Paint and walls are seldom vivid: a grey that is moved towards a colour.
  const auto grey = static_cast<float>(random.uniform(0.08, 0.92));
  const auto vivid = static_cast<float>(random.uniform(0, 0.5));
  Rgb color{};
  for (float& channel : color) channel = grey + vivid * (static_cast<float>(random.uniform()) - grey);
  return color;
}

/// A colour with enough contrast to the other.
Rgb draw_contrast(const Rgb& other, Random& random) {
  constexpr float kLeast = 0.3F;
  constexpr int kTries = 32;
  for (int i = 0; i < kTries; ++i) {
    const Rgb color = draw_color(random);
    if (std::abs(brightness(color) - brightness(other)) >= kLeast) return color;
  }
  return brightness(other) < 0.5F ? Rgb{0.95F, 0.95F, 0.95F} : Rgb{0.05F, 0.05F, 0.05F};
}

std::uint32_t draw_length(Random& random) {
  std::uint32_t drawn = random.below(100);
  std::uint32_t length = 0;
  while (drawn >= kLengths[length]) drawn -= kLengths[length++];
  return length + 1;
}

void photograph(Random& random, Scene& scene) {
  const auto blur = static_cast<float>(random.uniform(0, 0.6));
  const auto noise = static_cast<float>(random.uniform(0.003, 0.02));
  scene.photograph(blur, noise, random);
}

}  // namespace

void HouseNumbersOptions::declare(OptionTable& table) {
  table
      .choice<Format>("format", format, {{"numbers", Format::numbers}, {"digits", Format::digits}},
                      "whole numbers in 54x54 pixels, or one digit in 32x32")
      .integer("seed", seed, 0, 4294967295, "which numbers are painted; another seed gives other images throughout")
      .integer("train", train, 1, kMostSamples, "samples of the training split")
      .integer("validation", validation, 1, kMostSamples, "samples of the validation split")
      .integer("test", test, 1, kMostSamples, "samples of the test split");
}

std::vector<DatasetRequest> HouseNumbers::sources(const Options& options) {
  ConfigNode grey = ConfigNode::map();
  grey.set("binarization", ConfigNode::text("none"));
  grey.set("seed", ConfigNode::integer(options.seed));
  return {{"digits", grey}};
}

HouseNumbers::HouseNumbers(const Options& options, const DatasetContext& context) : options_(options) {
  const DatasetRequest source = sources(options).front();
  source_ = context.open(source.name, source.options);
  describe_format(options.format, kMostDigits, info_);
  info_.name = "house_numbers";
  info_.counts = {options.train, options.validation, options.test};
  info_.provenance = "painted by drawlab's house_numbers plugin, generator version " +
                     std::to_string(kGeneratorVersion) + ", seed " + std::to_string(options.seed) +
                     ", with digits that are " + source_->info().provenance + "; no photographs, not SVHN";
  info_.checksum = "house_numbers-" + std::to_string(kGeneratorVersion) + "-seed-" + std::to_string(options.seed) +
                   " of " + source_->info().checksum;
  info_.sources = {{source_->info().name, source_->info().checksum}};
}

HouseNumbers::Digits HouseNumbers::draw_digits(Split split, int count, Random& random) const {
  std::array<std::int64_t, kMostDigits> indices{};
  for (int i = 0; i < count; ++i) {
    indices[static_cast<std::size_t>(i)] = random.below(static_cast<std::uint32_t>(source_->info().count(split)));
  }
  Digits digits{std::vector<float>(static_cast<std::size_t>(count * kGlyphPixels)),
                std::vector<std::int32_t>(static_cast<std::size_t>(count))};
  source_->fill(split, std::span<const std::int64_t>(indices).first(static_cast<std::size_t>(count)), 0, digits.glyphs,
                digits.values);
  return digits;
}

std::int32_t HouseNumbers::draw_number(Split split, Random& random, Scene& scene) const {
  const auto length = static_cast<int>(draw_length(random));
  const Digits digits = draw_digits(split, length, random);
  const Rgb wall = draw_color(random);
  const Rgb paint = draw_contrast(wall, random);
  scene.build_wall(wall, random);
  // The picture is a box around all digits, widened by 30 %: the digits are in its middle, side by side.
  const auto side = static_cast<float>(scene.side());
  const float room = side / 1.3F;
  const float pitch = room / static_cast<float>(length);
  const auto share = static_cast<float>(random.uniform(0.7, 0.92));  // of its width that a digit fills
  const auto height = room * static_cast<float>(random.uniform(0.75, 1));
  const auto slope = static_cast<float>(random.uniform(-0.12, 0.12));
  const auto slant = static_cast<float>(random.uniform(-0.15, 0.15));
  for (int i = 0; i < length; ++i) {
    const float middle = (side - room) / 2 + pitch * (static_cast<float>(i) + 0.5F);
    const float width = std::min(share * pitch, height);
    const float top = (side - height) / 2 + slope * (middle - side / 2) + static_cast<float>(random.uniform(-1.5, 1.5));
    scene.paint(Glyph(digits.glyphs).subspan(static_cast<std::size_t>(i * kGlyphPixels), kGlyphPixels),
                {middle - width / 2, top, width, height}, slant, paint);
  }
  photograph(random, scene);
  return length - 1;
}

std::int32_t HouseNumbers::draw_digit(Split split, Random& random, Scene& scene) const {
  constexpr int kShown = 3;  // the digit between its neighbours
  const Digits digits = draw_digits(split, kShown, random);
  const Rgb wall = draw_color(random);
  const Rgb paint = draw_contrast(wall, random);
  scene.build_wall(wall, random);
  const auto side = static_cast<float>(scene.side());
  const auto height = side * static_cast<float>(random.uniform(0.65, 0.95));
  const auto width = height * static_cast<float>(random.uniform(0.5, 0.8));
  const auto pitch = width * static_cast<float>(random.uniform(1.05, 1.3));
  const auto slant = static_cast<float>(random.uniform(-0.15, 0.15));
  const std::uint32_t neighbours = random.below(4);  // one bit per side
  for (int i = 0; i < kShown; ++i) {
    if (i != 1 && ((neighbours >> (i == 0 ? 0U : 1U)) & 1U) == 0) continue;
    const float left = (side - width) / 2 + pitch * static_cast<float>(i - 1);
    scene.paint(Glyph(digits.glyphs).subspan(static_cast<std::size_t>(i * kGlyphPixels), kGlyphPixels),
                {left, (side - height) / 2, width, height}, slant, paint);
  }
  photograph(random, scene);
  return digits.values[1];
}

Random HouseNumbers::scene_stream(Split split, std::int64_t index) const {
  return Random(static_cast<std::uint64_t>(options_.seed), Purpose::data, 0, static_cast<std::uint64_t>(index),
                kScenes + static_cast<std::uint32_t>(split));
}

std::string HouseNumbers::label_text(Split split, std::int64_t index, std::uint64_t /*epoch*/) const {
  if (options_.format == Format::digits) return {};
  Random random = scene_stream(split, index);
  const auto length = static_cast<int>(draw_length(random));
  std::string text;
  for (const std::int32_t digit : draw_digits(split, length, random).values) text += std::to_string(digit);
  return text;
}

void HouseNumbers::fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch,
                        std::span<float> images, std::span<std::int32_t> labels) const {
  check_fill(info_, split, indices, images, labels);
  const bool numbers = options_.format == Format::numbers;
  const int shown = static_cast<int>(info_.image.width);
  Scene scene(static_cast<int>(numbers ? kNumberSide : kDigitSide));
  float* to = images.data();
  for (std::size_t i = 0; i < indices.size(); ++i) {
    Random random = scene_stream(split, indices[i]);
    labels[i] = numbers ? draw_number(split, random, scene) : draw_digit(split, random, scene);
    const auto spare = static_cast<std::uint32_t>(scene.side() - shown);
    const Crop crop = crop_of(split, spare, static_cast<std::uint64_t>(options_.seed), epoch, indices[i], kCrops);
    for_each_row(std::span<const float>(scene.pixels()), scene.side(), crop, shown,
                 [&](std::span<const float> row) { to = std::ranges::copy(row, to).out; });
  }
}

}  // namespace drawlab::house_numbers
