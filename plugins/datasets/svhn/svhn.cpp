#include "svhn.hpp"

#include "drawlab/error.hpp"

#include "../crop.hpp"
#include "../fill_request.hpp"
#include "../levels.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

namespace drawlab::svhn {

namespace {

constexpr std::int64_t kTwentieth = 20;
constexpr std::uint32_t kCrops = 48;  // tells these streams from those of other datasets with the same seed

struct Published {
  const char* name;
  const char* sha256;  // of the archive, or of the file of digits
  std::uint64_t bytes;
  int images;
};

// Sums, sizes and counts are those of the `svhn` dataset of Hugging Face's `datasets` (dataset_infos.json); the sums of
// train and test agree with docTR's, those of the digits with torchvision's.
constexpr std::array<Published, 3> kNumbers = {{
    {"train", "4b17bb33b6cd8f963493168f80143da956f28ec406cc12f8e5745a9f91a51898", 404141560, 33402},
    {"test", "57ac9ceb530e4aa85b55d991be8fc49c695b3d71c6f6a88afea86549efde7fb5", 276555967, 13068},
    {"extra", "e857e27d1e65bd1e7d3959b094061777f6506bbc39889a0df3bba6a729d60f9c", 1955489752, 202353},
}};
constexpr std::array<Published, 3> kDigits = {{
    {"train", "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8", 182040794, 73257},
    {"test", "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b", 64275384, 26032},
    {"extra", "a133a4beb38a00fcdda90c9489e0c04f900b660ce8a316a5e854838379a71eb3", 1329278602, 531131},
}};
constexpr const char* kList = "digitStruct.mat";
constexpr std::size_t kTrain = 0;
constexpr std::size_t kTest = 1;
constexpr std::size_t kExtra = 2;

DatasetFile file_of(Format format, std::size_t part) {
  const std::string folder = "http://ufldl.stanford.edu/housenumbers/";
  DatasetFile file;
  const Published& published = (format == Format::numbers ? kNumbers : kDigits)[part];
  const std::string name = published.name;
  file.names = {format == Format::numbers ? name + "/" + kList : name + "_32x32.mat"};
  file.urls = {folder + (format == Format::numbers ? name + ".tar.gz" : file.names.front())};
  file.sha256 = published.sha256;
  file.bytes = published.bytes;
  if (format == Format::numbers) file.archive_folder = ".";
  return file;
}

/// The last image beside a list. If it is missing, some images are, without reading the list.
DatasetFile last_image(std::size_t part) {
  DatasetFile file = file_of(Format::numbers, part);
  file.names = {std::string(kNumbers[part].name) + "/" + std::to_string(kNumbers[part].images) + ".png"};
  return file;
}

/// The file of digits, or the list of images: if there are several lists, one with all its images beside it.
std::filesystem::path located(const SvhnOptions& options, std::size_t part, const DatasetContext& context) {
  if (options.format == Format::numbers && !options.allow_partial) {
    try {
      std::filesystem::path list = context.locate(last_image(part), options.path).parent_path() / kList;
      if (std::filesystem::exists(list)) return list;
    } catch (const DataError&) {
      // The missing images are reported with the list.
    }
  }
  return context.locate(file_of(options.format, part), options.path);
}

/// Changes whenever the published file or an image beside it does.
std::string key_of(Format format, const std::filesystem::path& file, const DatasetContext& context) {
  std::vector<std::string> lines = {context.sha256_of_file(file)};
  std::error_code error;
  if (format == Format::numbers) {
    for (const auto& entry : std::filesystem::directory_iterator(file.parent_path(), error)) {
      if (entry.path().extension() != ".png") continue;
      const auto time = entry.last_write_time(error).time_since_epoch().count();
      lines.push_back(entry.path().filename().string() + " " + std::to_string(entry.file_size(error)) + " " +
                      std::to_string(time));
    }
    std::sort(lines.begin() + 1, lines.end());
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  constexpr std::size_t kShort = 16;
  return context.sha256_of(text).substr(0, kShort);
}

/// The prepared images of a published file: those in the cache if they are whole, else new ones.
PreparedImages prepared(Format format, const std::filesystem::path& file, const DatasetContext& context,
                        const PreparationLimits& limits) {
  const std::filesystem::path cached =
      context.cache_folder() / "prepared" / (key_of(format, file, context) + ".images");
  const auto read = [&] {
    return PreparedImages::parse(cached, context.read(cached),
                                 [&](std::string_view bytes) { return context.sha256_of(bytes); });
  };
  if (std::filesystem::exists(cached)) {
    try {
      PreparedImages images = read();
      if (images.side() == (format == Format::numbers ? kNumberSide : kDigitSide)) return images;
    } catch (const DataError&) {
      // A damaged copy is made again, as one of other sizes is.
    }
  }
  prepare(format, file, cached, context, limits,
          [&](double share) { context.progress("svhn: reading " + file.string(), share); });
  return read();
}

/// The number of an image's name, `4` of `4.png`; 0: it has none.
std::int64_t number_of(const std::string& name) {
  std::int64_t number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

/// `4.png to 39.png, 41.png`: neighbours as a range, and at most 20 ranges.
std::string ranges_of(const std::vector<std::string>& names) {
  constexpr int kMostRanges = 20;
  std::string text;
  int ranges = 0;
  for (std::size_t first = 0; first < names.size(); ++ranges) {
    std::size_t last = first;
    while (last + 1 < names.size() && number_of(names[last]) > 0 &&
           number_of(names[last + 1]) - 1 == number_of(names[last])) {
      ++last;
    }
    if (ranges == kMostRanges) return text + " and " + std::to_string(names.size() - first) + " more";
    text += (first == 0 ? "" : ", ") + names[first] + (last == first ? "" : " to " + names[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace

void SvhnOptions::declare(OptionTable& table) {
  table
      .choice<Format>("format", format, {{"numbers", Format::numbers}, {"digits", Format::digits}},
                      "whole numbers in 54x54 pixels, or digits cut out in 32x32")
      .flag("extra", extra, "train on the extra images too, which are many more and easier")
      .flag("allow_partial", allow_partial,
            "use the images that are present; the results say so and cannot be "
            "compared with others")
      .text("path", path, "a folder to look in before all others")
      .is_path();
}

std::vector<DatasetFile> Svhn::files(const Options& options) {
  std::vector<DatasetFile> files;
  for (const std::size_t part : {kTrain, kTest, kExtra}) {
    if (part == kExtra && !options.extra) continue;
    files.push_back(file_of(options.format, part));
    if (options.format == Format::numbers && !options.allow_partial) files.push_back(last_image(part));
  }
  return files;
}

Svhn::Svhn(const Options& options, const DatasetContext& context, const PreparationLimits& limits)
    : options_(options), seed_(context.seed()) {
  std::string missing;
  std::string refused;
  const auto open = [&](std::size_t part) {
    const std::filesystem::path file = located(options, part, context);
    PreparedImages images = prepared(options.format, file, context, limits);
    if (!images.missing().empty()) {
      const std::string text = std::to_string(images.missing().size()) + " of the " +
                               std::to_string(images.missing().size() + static_cast<std::size_t>(images.count())) +
                               " images in " + kNumbers[part].name + " (" + ranges_of(images.missing()) + ")";
      missing += (missing.empty() ? "" : ", ") + text;
      refused += (refused.empty() ? "" : "; ") + file.string() + ": " + text + " are not beside it";
    }
    // If images are missing and may not be, all of them are named below.
    if (images.count() == 0 && (options.allow_partial || images.missing().empty())) {
      throw DataError(file.string() + ": none of its images is beside it");
    }
    return images;
  };
  // The last images are the validation set: those of `train`, which are as hard as the test set; `extra` is easier.
  if (options.extra) training_.push_back(open(kExtra));
  training_.push_back(open(kTrain));
  test_ = open(kTest);
  if (!refused.empty() && !options.allow_partial) {
    throw DataError(refused +
                    "; `drawlab data fetch svhn` downloads all, the option allow_partial: true takes what "
                    "is there");
  }
  describe(missing);
}

void Svhn::describe(const std::string& missing) {
  std::int64_t training = 0;
  for (const PreparedImages& images : training_) {
    training += images.count();
    info_.checksum += images.sha256() + " ";
  }
  info_.checksum += test_.sha256();
  if (training < 2) throw DataError("svhn: " + std::to_string(training) + " training image; need one more to validate");
  const std::int64_t validation = std::max<std::int64_t>(1, training / kTwentieth);
  describe_format(options_.format, static_cast<int>(kMostDigits), info_);
  info_.name = "svhn";
  info_.counts = {training - validation, validation, test_.count()};
  info_.provenance = std::string("SVHN of Netzer et al. (2011), ") +
                     (options_.format == Format::numbers ? "full numbers" : "cropped digits") +
                     (options_.extra ? " with the extra images" : "") + ", validation the last " +
                     std::to_string(validation) + " training images";
  info_.is_partial = !missing.empty();
  if (info_.is_partial) info_.provenance += "; PARTIAL, without " + missing;
}

Svhn::Place Svhn::place_of(Split split, std::int64_t index) const {
  if (split == Split::test) return {&test_, index};
  if (split == Split::validation) index += info_.count(Split::train);
  std::size_t part = 0;
  while (index >= training_[part].count()) index -= training_[part++].count();
  return {&training_[part], index};
}

Number Svhn::number(Split split, std::int64_t index) const {
  const Place place = place_of(split, index);
  return place.images->number(place.index);
}

std::string Svhn::label_text(Split split, std::int64_t index, std::uint64_t /*epoch*/) const {
  if (options_.format == Format::digits) return {};
  const Number shown = number(split, index);
  std::string text;
  for (std::size_t i = 0; i < shown.length; ++i) text += static_cast<char>('0' + shown.digits[i]);
  return text;
}

void Svhn::fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
                std::span<std::int32_t> labels) const {
  check_fill(info_, split, indices, images, labels);
  const std::int64_t shown = info_.image.width;
  float* to = images.data();
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Place place = place_of(split, indices[i]);
    const Number number = place.images->number(place.index);
    labels[i] = options_.format == Format::numbers ? number.length - 1 : number.digits[0];
    const std::int64_t side = place.images->side();
    const auto spare = static_cast<std::uint32_t>(side - shown);
    const Crop crop = crop_of(split, spare, seed_, epoch, indices[i], kCrops);
    const auto pixels = place.images->pixels(place.index);
    for_each_row(pixels, side, crop, shown, [&](std::span<const std::uint8_t> row) { to = write_levels(row, to); });
  }
}

}  // namespace drawlab::svhn
