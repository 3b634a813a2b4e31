#include "cifar10.hpp"

#include "drawlab/error.hpp"

#include "../fill_request.hpp"
#include "../levels.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace drawlab::cifar10 {

namespace {

constexpr std::array<const char*, 6> kNames = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                               "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"};
constexpr std::size_t kTest = 5;                        // its place in kNames
constexpr std::int64_t kValidation = 5000;              // of the whole set
constexpr std::int64_t kPartsOfAPartialSet = 10;        // one of them validates
constexpr std::uint64_t kFrog = 0x82b8686d89074119ULL;  // FNV-1a of data_batch_1's first record, as published

DatasetFile file_of(std::size_t index) {
  DatasetFile file;
  file.names = {kNames[index]};
  file.urls = {"https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"};
  file.sha256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd";
  file.bytes = 170052171;
  file.archive_folder = "cifar-10-batches-bin";
  return file;
}

/// The file's path, or nothing if it is missing and that is allowed.
std::optional<std::filesystem::path> place_of(std::size_t index, const Cifar10Options& options,
                                              const DatasetContext& context) {
  try {
    return context.locate(file_of(index), options.path);
  } catch (const DataError&) {
    if (!options.allow_partial || index == 0) throw;
    return std::nullopt;
  }
}

/// Whether data_batch_1 begins as published. A copy that went through JPEG has other pixels in every record.
bool has_published_pixels(const Batch& first) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const std::uint8_t byte : first.record(0)) hash = (hash ^ byte) * 0x100000001b3ULL;
  return hash == kFrog;
}

}  // namespace

void Cifar10Options::declare(OptionTable& table) {
  table
      .flag("allow_partial", allow_partial,
            "use the files that are present; the results say so and cannot be compared with others")
      .text("path", path, "a folder to look in before all others")
      .is_path();
}

std::vector<DatasetFile> Cifar10::files(const Options& options) {
  std::vector<DatasetFile> files;
  for (std::size_t i = 0; i < (options.allow_partial ? 1 : kNames.size()); ++i) files.push_back(file_of(i));
  return files;
}

Cifar10::Cifar10(const Options& options, const DatasetContext& context) {
  std::string missing;
  bool has_test = false;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto path = place_of(i, options, context);
    if (!path) {
      missing += (missing.empty() ? "" : ", ") + std::string(kNames[i]);
      continue;
    }
    std::string bytes = context.read(*path);
    info_.checksum += (info_.checksum.empty() ? "" : " ") + context.sha256_of(bytes);
    batches_.push_back(parse_batch(*path, std::move(bytes), options.allow_partial));
    if (batches_.back().count() < kBatchRecords) {
      missing += (missing.empty() ? "" : ", ") + std::to_string(kBatchRecords - batches_.back().count()) +
                 " records of " + kNames[i];
    }
    has_test = i == kTest;
  }
  divide(batches_.size() - (has_test ? 1 : 0), has_test);
  info_.name = "cifar10";
  info_.image = {3, kSide, kSide};
  for (const Split split : kSplits) {
    const auto at = static_cast<std::size_t>(split);
    info_.counts[at] = static_cast<std::int64_t>(places_[at].size());
  }
  info_.classes = kClasses;
  info_.label_meaning = "airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck";
  info_.pixels = PixelKind::colour;
  info_.values = "intensities in [0,1] of red, green and blue";
  info_.provenance = "CIFAR-10 of Krizhevsky (2009), validation the last " +
                     std::to_string(info_.count(Split::validation)) + " training images";
  if (!has_published_pixels(batches_.front())) {
    info_.provenance += "; NOT THE PUBLISHED PIXELS: data_batch_1.bin begins with another image than CIFAR-10's";
  }
  info_.is_partial = !missing.empty();
  if (info_.is_partial) {
    info_.provenance += std::string("; PARTIAL, without ") + missing +
                        (has_test ? "" : ", test the training images before those of validation");
  }
}

void Cifar10::divide(std::size_t training_batches, bool has_test) {
  std::vector<RecordPlace> training;
  for (std::size_t batch = 0; batch < training_batches; ++batch) {
    for (std::int64_t record = 0; record < batches_[batch].count(); ++record) training.push_back({batch, record});
  }
  const auto all = static_cast<std::int64_t>(training.size());
  const bool is_whole = has_test && all == 5 * kBatchRecords && batches_.back().count() == kBatchRecords;
  if (all < kPartsOfAPartialSet) {
    throw DataError("cifar10: " + std::to_string(all) + " training records are too few to hold some back; need " +
                    std::to_string(kPartsOfAPartialSet) + " or more");
  }
  const std::int64_t held = is_whole ? kValidation : all / kPartsOfAPartialSet;
  const auto take = [&](Split split) {
    const auto begin = training.end() - held;
    std::copy(begin, training.end(), std::back_inserter(places_[static_cast<std::size_t>(split)]));
    training.erase(begin, training.end());
  };
  take(Split::validation);
  if (has_test) {
    auto& test = places_[static_cast<std::size_t>(Split::test)];
    for (std::int64_t record = 0; record < batches_.back().count(); ++record) {
      test.push_back({batches_.size() - 1, record});
    }
  } else {
    take(Split::test);
  }
  places_[static_cast<std::size_t>(Split::train)] = std::move(training);
}

void Cifar10::fill(Split split, std::span<const std::int64_t> indices, std::uint64_t, std::span<float> images,
                   std::span<std::int32_t> labels) const {
  check_fill(info_, split, indices, images, labels);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const RecordPlace& place = places_[static_cast<std::size_t>(split)][static_cast<std::size_t>(indices[i])];
    const Batch& batch = batches_[place.batch];
    write_levels(batch.pixels(place.record), images.data() + static_cast<std::int64_t>(i) * kPixels);
    labels[i] = batch.label(place.record);
  }
}

}  // namespace drawlab::cifar10
