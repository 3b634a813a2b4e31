#include "datasets/mnist/mnist.hpp"

#include "files.hpp"
#include "mnist_files.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

namespace drawlab::mnist {
namespace {

using ::testing::HasSubstr;
using tests::data_error_of;
using tests::FolderContext;
using tests::gzipped;
using tests::TemporaryFolder;

constexpr SplitSizes kSmall = {6, 3, 4};

struct Batch {
  std::vector<float> images;
  std::vector<std::int32_t> labels;
};

Batch filled(const Dataset& dataset, Split split, const std::vector<std::int64_t>& indices, std::uint64_t epoch = 1) {
  Batch batch{std::vector<float>(indices.size() * 784), std::vector<std::int32_t>(indices.size())};
  dataset.fill(split, indices, epoch, batch.images, batch.labels);
  return batch;
}

void write_idx(const TemporaryFolder& folder, bool compressed) {
  const auto write = [&](const std::string& name, const std::string& bytes) {
    folder.write(name + (compressed ? ".gz" : ""), compressed ? gzipped(bytes) : bytes);
  };
  write("train-images-idx3-ubyte", tests::idx_images(9));
  write("train-labels-idx1-ubyte", tests::idx_labels(9));
  write("t10k-images-idx3-ubyte", tests::idx_images(4, 28, 28, 100));
  write("t10k-labels-idx1-ubyte", tests::idx_labels(4, 100));
}

void write_fixed(const TemporaryFolder& folder, bool compressed) {
  const auto write = [&](const std::string& name, const std::string& bytes) {
    folder.write(name + (compressed ? ".gz" : ""), compressed ? gzipped(bytes) : bytes);
  };
  write("binarized_mnist_train.amat", tests::amat(6));
  write("binarized_mnist_valid.amat", tests::amat(3, 784, 50));
  write("binarized_mnist_test.amat", tests::amat(4, 784, 100));
}

Mnist opened(const TemporaryFolder& folder, Binarization binarization, std::uint64_t seed = 1) {
  return Mnist({binarization, folder.path().string()}, FolderContext(seed), kSmall);
}

TEST(Mnist, TakesValidationFromTheEndOfTheTrainingFile) {
  const TemporaryFolder folder;
  write_idx(folder, true);
  const Mnist mnist = opened(folder, Binarization::none);
  EXPECT_EQ(mnist.info().counts, (std::array<std::int64_t, 3>{6, 3, 4}));
  EXPECT_EQ(mnist.info().classes, 10);
  const Batch validation = filled(mnist, Split::validation, {2, 0});
  EXPECT_EQ(validation.labels, (std::vector<std::int32_t>{8, 6}));
  EXPECT_FLOAT_EQ(validation.images[6], static_cast<float>(tests::grey_level(8, 6)) / 255.0F);
  EXPECT_FLOAT_EQ(validation.images[784 + 6], static_cast<float>(tests::grey_level(6, 6)) / 255.0F);
  EXPECT_EQ(filled(mnist, Split::train, {5}).labels[0], 5);
  EXPECT_EQ(filled(mnist, Split::test, {3}).labels[0], 3);
}

TEST(Mnist, ReadsTheFixedBinarisationWithoutLabels) {
  const TemporaryFolder folder;
  write_fixed(folder, true);
  const Mnist mnist = opened(folder, Binarization::fixed);
  EXPECT_EQ(mnist.info().classes, 0);
  const Batch batch = filled(mnist, Split::validation, {1});
  EXPECT_EQ(batch.labels[0], -1);
  for (int pixel = 0; pixel < 784; ++pixel) {
    ASSERT_EQ(batch.images[static_cast<std::size_t>(pixel)], tests::amat_pixel(51, pixel) ? 1.0F : 0.0F) << pixel;
  }
}

TEST(Mnist, HasOneChecksumPlainAndGzipped) {
  const TemporaryFolder plain;
  const TemporaryFolder packed;
  write_idx(plain, false);
  write_idx(packed, true);
  EXPECT_EQ(opened(plain, Binarization::none).info().checksum, opened(packed, Binarization::none).info().checksum);
  write_fixed(plain, false);
  write_fixed(packed, true);
  const std::string fixed = opened(plain, Binarization::fixed).info().checksum;
  EXPECT_EQ(fixed, opened(packed, Binarization::fixed).info().checksum);
  EXPECT_NE(fixed, opened(packed, Binarization::none).info().checksum);
  std::string other = tests::amat(6);
  other[0] = other[0] == '0' ? '1' : '0';
  plain.write("binarized_mnist_train.amat", other);
  EXPECT_NE(opened(plain, Binarization::fixed).info().checksum, fixed);
}

TEST(Mnist, SaysWhetherItsFilesAreThePublishedOnes) {
  const TemporaryFolder folder;
  write_fixed(folder, false);
  EXPECT_THAT(opened(folder, Binarization::fixed).info().provenance, HasSubstr("NOT the published files"));
}

TEST(Mnist, DrawsTrainingPixelsAfreshEachEpochAndTestPixelsBySeed) {
  const TemporaryFolder folder;
  write_idx(folder, true);
  const Mnist mnist = opened(folder, Binarization::stochastic, 1);
  const Mnist other = opened(folder, Binarization::stochastic, 2);
  EXPECT_NE(filled(mnist, Split::train, {0}, 1).images, filled(mnist, Split::train, {0}, 2).images);
  EXPECT_EQ(filled(mnist, Split::test, {0}, 1).images, filled(mnist, Split::test, {0}, 2).images);
  EXPECT_NE(filled(mnist, Split::test, {0}).images, filled(other, Split::test, {0}).images);
}

TEST(Mnist, RefusesFilesOfAnotherNumberOfSamples) {
  const TemporaryFolder folder;
  write_idx(folder, true);
  const MnistOptions options = {Binarization::none, folder.path().string()};
  EXPECT_THAT(data_error_of([&] { Mnist(options, FolderContext()); }), HasSubstr("9 images; needed: 60000"));
  folder.write("train-labels-idx1-ubyte.gz", gzipped(tests::idx_labels(8)));
  EXPECT_THAT(data_error_of([&] { Mnist(options, FolderContext(), kSmall); }), HasSubstr("holds 8 labels"));
}

TEST(Mnist, NamesAFileThatIsMissing) {
  const TemporaryFolder folder;
  write_fixed(folder, false);
  std::filesystem::remove(folder.path() / "binarized_mnist_test.amat");
  EXPECT_THAT(data_error_of([&] { opened(folder, Binarization::fixed); }), HasSubstr("binarized_mnist_test.amat"));
}

TEST(Mnist, RefusesASampleThatDoesNotExist) {
  const TemporaryFolder folder;
  write_fixed(folder, false);
  const Mnist mnist = opened(folder, Binarization::fixed);
  EXPECT_THROW(filled(mnist, Split::test, {4}), ShapeError);
  EXPECT_THROW(filled(mnist, Split::test, {-1}), ShapeError);
}

/// The folder of the real files, or an empty path.
std::filesystem::path real_files() {
  const char* data = std::getenv("DRAWLAB_DATA");
  if (data == nullptr || *data == '\0') return {};
  const std::filesystem::path folder = std::filesystem::path(data) / "mnist";
  return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

TEST(Mnist, ReadsThePublishedFixedBinarisation) {
  if (real_files().empty()) GTEST_SKIP() << "$DRAWLAB_DATA/mnist is not here";
  const Mnist mnist({Binarization::fixed, real_files().string()}, FolderContext());
  EXPECT_EQ(mnist.info().counts, (std::array<std::int64_t, 3>{50000, 10000, 10000}));
  EXPECT_THAT(mnist.info().provenance, HasSubstr("; the published files"));
  std::vector<std::int64_t> all(10000);
  std::iota(all.begin(), all.end(), 0);
  const Batch test = filled(mnist, Split::test, all);
  // The ones in the published text, counted apart.
  EXPECT_EQ(std::count(test.images.begin(), test.images.end(), 1.0F), 1038896);
}

TEST(Mnist, ReadsThePublishedGreyDigits) {
  if (real_files().empty()) GTEST_SKIP() << "$DRAWLAB_DATA/mnist is not here";
  const Mnist mnist({Binarization::none, real_files().string()}, FolderContext());
  EXPECT_THAT(mnist.info().provenance, HasSubstr("; the published files"));
  EXPECT_EQ(filled(mnist, Split::train, {0, 1, 2, 3, 4}).labels, (std::vector<std::int32_t>{5, 0, 4, 1, 9}));
  EXPECT_EQ(filled(mnist, Split::test, {0, 1, 2, 3, 4}).labels, (std::vector<std::int32_t>{7, 2, 1, 0, 4}));
  EXPECT_EQ(filled(mnist, Split::validation, {9999}).labels, (std::vector<std::int32_t>{8}));
}

}  // namespace
}  // namespace drawlab::mnist
