#include "cluttered_mnist.hpp"

#include "drawlab/error.hpp"

#include "../fill_request.hpp"
#include "composition.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace drawlab::cluttered_mnist {

namespace {

constexpr std::int64_t kMostSamples = 100000000;
// Separates the random streams of this dataset from those of a source with the same seed.
constexpr std::uint32_t kStreams = 16;

/// The source, given as a name or a name with options. A name alone means its grey levels, because the fixed
/// binarisation of MNIST has no labels.
DatasetRequest request_of(const ConfigNode& source) {
  if (source.is_text() && !source.as_text().empty()) {
    ConfigNode options = ConfigNode::map(source.where());
    options.set("binarization", ConfigNode::text("none", source.where()), source.where());
    return {source.as_text(), std::move(options)};
  }
  if (source.is_map() && source.entries().size() == 1) {
    const ConfigNode::Entry& entry = source.entries().front();
    if (entry.value.is_map() || entry.value.is_null()) return {entry.key, entry.value};
  }
  throw ConfigError(source.where(), "source: " + source.preview() + " is " + source.kind_text() +
                                        ", need a dataset's name, or {name: {option: value}}");
}

std::string counted(std::int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

void ClutteredMnistOptions::declare(OptionTable& table) {
  table
      .settings("source", source,
                "the dataset that the digits come from, with its options; a name alone stands for its grey levels")
      .integer("size", size, 1, 1024, "height and width of the canvas")
      .integer("digits", digits, 1, kMostDigits, "whole digits on the canvas")
      .integer("distractors", distractors, 0, 1000, "pieces of other digits on the canvas")
      .integer("distractor_size", distractor_size, 1, 1024, "height and width of each piece")
      .flag("fresh", fresh, "compose the training images anew in every epoch")
      .integer("seed", seed, 0, 4294967295, "where digits and pieces lie; another seed gives other images throughout")
      .integer("train", train, 0, kMostSamples, "samples of the training split; 0: as many as the source has")
      .integer("validation", validation, 0, kMostSamples, "samples of the validation split; 0: all")
      .integer("test", test, 0, kMostSamples, "samples of the test split; 0: all");
}

std::vector<DatasetRequest> ClutteredMnist::sources(const Options& options) { return {request_of(options.source)}; }

ClutteredMnist::ClutteredMnist(const Options& options, const DatasetContext& context)
    : options_(options), source_([&] {
        const DatasetRequest request = request_of(options.source);
        return context.open(request.name, request.options);
      }()) {
  check_source(context);
  const DatasetInfo& digits = source_.info();
  const auto count = [&](Split split, std::int64_t wanted) { return wanted > 0 ? wanted : digits.count(split); };
  info_.name = "cluttered_mnist";
  info_.image = {1, options.size, options.size};
  info_.counts = {count(Split::train, options.train), count(Split::validation, options.validation),
                  count(Split::test, options.test)};
  const int classes = digits.classes;
  info_.classes = options.digits == 1 ? classes : classes * (classes + 1) / 2;
  if (classes == 0) {
    info_.label_meaning = "no labels";
  } else {
    info_.label_meaning =
        options.digits == 1 ? digits.label_meaning : "the two labels a <= b of the source, as b*(b + 1)/2 + a";
  }
  info_.pixels = digits.pixels;  // sums of 0 and 1, clipped at 1, are 0 or 1
  info_.values = "sums, stopped at 1, of pixels that are, asked for once, " + digits.values;
  info_.provenance = "composed by drawlab's cluttered_mnist plugin, generator version " +
                     std::to_string(kGeneratorVersion) + ", seed " + std::to_string(options.seed) + ": " +
                     counted(options.digits, "digit") + " and " + counted(options.distractors, "piece") + " of " +
                     std::to_string(options.distractor_size) + "x" + std::to_string(options.distractor_size) +
                     " pixels from " + digits.name + " (" + digits.provenance + ")";
  info_.checksum = "cluttered_mnist-" + std::to_string(kGeneratorVersion) + "-seed-" + std::to_string(options.seed) +
                   " of " + digits.checksum;
  info_.sources = {{digits.name, digits.checksum}};
  info_.sources.insert(info_.sources.end(), digits.sources.begin(), digits.sources.end());
}

void ClutteredMnist::check_source(const DatasetContext& context) const {
  const DatasetInfo& digits = source_.info();
  const std::string shape = std::to_string(digits.image.height) + "x" + std::to_string(digits.image.width);
  const auto refuse = [&](const char* option, const std::string& text) {
    throw ConfigError(context.where(option), "cluttered_mnist: " + text);
  };
  if (digits.image.channels != 1) {
    refuse("source", "the source '" + digits.name + "' has " + std::to_string(digits.image.channels) +
                         " channels; need grey images");
  }
  const std::int64_t longest = std::max(digits.image.height, digits.image.width);
  const std::int64_t shortest = std::min(digits.image.height, digits.image.width);
  if (options_.size < longest) {
    refuse("size", "size: " + std::to_string(options_.size) + " is too small for the " + shape + " images of '" +
                       digits.name + "'; need " + std::to_string(longest) + " or more");
  }
  if (options_.distractors > 0 && options_.distractor_size > shortest) {
    refuse("distractor_size", "distractor_size: " + std::to_string(options_.distractor_size) + " is larger than the " +
                                  shape + " images of '" + digits.name + "'; need " + std::to_string(shortest) +
                                  " or less");
  }
  for (const Split split : kSplits) {
    if (digits.count(split) < 2) {
      refuse("source", "the source '" + digits.name + "' has " + counted(digits.count(split), "image") + " in its " +
                           split_name(split) + " split; need 2 or more");
    }
  }
}

std::int64_t ClutteredMnist::another(Split split, std::int64_t digit, Random& random) const {
  const std::int64_t drawn = random.below(static_cast<std::uint32_t>(source_.info().count(split) - 1));
  return drawn < digit ? drawn : drawn + 1;
}

void ClutteredMnist::place_digit(Split split, std::int64_t index, Random& random, std::span<float> canvas) const {
  const ImageShape& shape = source_.info().image;
  const auto left = random.below(static_cast<std::uint32_t>(options_.size - shape.width + 1));
  const auto top = random.below(static_cast<std::uint32_t>(options_.size - shape.height + 1));
  add_piece({source_.pixels(split, index), shape.width, 0, 0, shape.width, shape.height}, left, top, options_.size,
            canvas);
}

void ClutteredMnist::place_distractor(Split split, std::int64_t digit, Random& random, std::span<float> canvas) const {
  const ImageShape& shape = source_.info().image;
  const std::int64_t side = options_.distractor_size;
  Piece piece{source_.pixels(split, another(split, digit, random)), shape.width, 0, 0, side, side};
  piece.left = random.below(static_cast<std::uint32_t>(shape.width - side + 1));
  piece.top = random.below(static_cast<std::uint32_t>(shape.height - side + 1));
  const auto left = random.below(static_cast<std::uint32_t>(options_.size - side + 1));
  const auto top = random.below(static_cast<std::uint32_t>(options_.size - side + 1));
  add_piece(piece, left, top, options_.size, canvas);
}

std::int32_t ClutteredMnist::label_of(Split split, std::span<const std::int64_t> digits) const {
  std::array<std::int32_t, kMostDigits> labels{};
  for (std::size_t i = 0; i < digits.size(); ++i) labels[i] = source_.label(split, digits[i]);
  if (labels[0] < 0 || digits.size() == 1) return labels[0];
  const auto [a, b] = std::minmax({labels[0], labels[1]});
  return b * (b + 1) / 2 + a;
}

Random ClutteredMnist::stream_of(Split split, std::int64_t index, std::uint64_t epoch) const {
  const std::uint64_t composition = split == Split::train && options_.fresh ? epoch + 1 : 0;
  return Random(static_cast<std::uint64_t>(options_.seed), Purpose::data, composition,
                static_cast<std::uint64_t>(index), kStreams + static_cast<std::uint32_t>(split));
}

std::array<std::int64_t, kMostDigits> ClutteredMnist::digits_of(Split split, std::int64_t index, Random& random) const {
  std::array<std::int64_t, kMostDigits> digits{index % source_.info().count(split), 0};
  if (options_.digits == 2) digits[1] = another(split, digits[0], random);
  return digits;
}

std::string ClutteredMnist::label_text(Split split, std::int64_t index, std::uint64_t epoch) const {
  if (options_.digits == 1 || source_.info().classes == 0) return {};
  Random random = stream_of(split, index, epoch);
  const auto digits = digits_of(split, index, random);
  const auto [a, b] = std::minmax({source_.label(split, digits[0]), source_.label(split, digits[1])});
  return std::to_string(a) + "+" + std::to_string(b);
}

void ClutteredMnist::fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch,
                          std::span<float> images, std::span<std::int32_t> labels) const {
  check_fill(info_, split, indices, images, labels);
  std::ranges::fill(images, 0.0F);
  const auto pixels = static_cast<std::size_t>(info_.image.count());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    Random random = stream_of(split, indices[i], epoch);
    const auto canvas = images.subspan(i * pixels, pixels);
    const auto digits = digits_of(split, indices[i], random);
    const auto shown = std::span<const std::int64_t>(digits).first(static_cast<std::size_t>(options_.digits));
    for (const std::int64_t digit : shown) place_digit(split, digit, random, canvas);
    for (int piece = 0; piece < options_.distractors; ++piece) place_distractor(split, digits[0], random, canvas);
    labels[i] = label_of(split, shown);
  }
}

}  // namespace drawlab::cluttered_mnist
