#include "datasets/cifar10/cifar10.hpp"

#include "drawlab/error.hpp"

#include "files.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace drawlab::cifar10 {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using tests::data_error_of;
using tests::FolderContext;
using tests::TemporaryFolder;

/// Records of which each pixel tells which it is: label, then the planes.
std::string records(int count, int first = 0) {
  std::string bytes;
  for (int i = first; i < first + count; ++i) {
    bytes += static_cast<char>(i % 10);
    for (int pixel = 0; pixel < kPixels; ++pixel) bytes += static_cast<char>((i * 7 + pixel) % 251);
  }
  return bytes;
}

Batch read_batch(const std::filesystem::path& path, bool allow_partial) {
  return parse_batch(path, read_file(path), allow_partial);
}

struct Files {
  TemporaryFolder folder;
  Cifar10Options options;
  Files() { options.path = folder.path().string(); }
  std::string refusal() {
    return data_error_of([&] { const Cifar10 data(options, FolderContext{}); });
  }
};

TEST(Cifar10Batch, GivesLabelsAndPlanesOfEachRecord) {
  const TemporaryFolder folder;
  const Batch batch = read_batch(folder.write("batch", records(12)), true);
  ASSERT_EQ(batch.count(), 12);
  EXPECT_EQ(batch.label(11), 1);
  EXPECT_EQ(batch.pixels(11)[0], 77);
  EXPECT_EQ(batch.pixels(11)[3071], (77 + 3071) % 251);
}

TEST(Cifar10Batch, RefusesAFileThatIsCutWithinARecord) {
  const TemporaryFolder folder;
  const auto path = folder.write("batch", records(3).substr(0, 7000));
  EXPECT_EQ(data_error_of([&] { read_batch(path, true); }),
            path.string() + ": at byte 7000: cut short within record 3; each has 3073 bytes");
  const auto empty = folder.write("empty", "");
  EXPECT_EQ(data_error_of([&] { read_batch(empty, true); }),
            empty.string() + ": at byte 0: cut short within record 1; each has 3073 bytes");
}

TEST(Cifar10Batch, RefusesFewerRecordsThanAWholeFileHasUnlessAllowed) {
  const TemporaryFolder folder;
  const auto path = folder.write("batch", records(4));
  EXPECT_EQ(data_error_of([&] { read_batch(path, false); }),
            path.string() +
                ": at byte 12292: ends after 4 of 10000 records; the option allow_partial: true takes what is there");
  EXPECT_EQ(read_batch(path, true).count(), 4);
}

TEST(Cifar10Batch, RefusesLabelsPastNineAndFilesThatAreTooLong) {
  const TemporaryFolder folder;
  std::string bytes = records(3);
  bytes[3073] = 10;
  const auto path = folder.write("batch", bytes);
  EXPECT_EQ(data_error_of([&] { read_batch(path, true); }),
            path.string() + ": at byte 3073: label 10 of record 2 is outside 0..9");
  const auto large = folder.write("large", "");
  std::filesystem::resize_file(large, kBatchRecords * kRecord + 5);
  EXPECT_EQ(data_error_of([&] { read_batch(large, true); }),
            large.string() + ": at byte 30730000: 5 bytes follow the last of 10000 records");
}

TEST(Cifar10Batch, RefusesWhatIsNoFile) {
  const TemporaryFolder folder;
  EXPECT_THAT(data_error_of([&] { read_batch(folder.path() / "none", true); }), HasSubstr("cannot be read"));
  EXPECT_THAT(data_error_of([&] { read_batch(folder.path(), true); }), HasSubstr(folder.path().string()));
}

TEST(Cifar10, NeedsAllSixFilesUnlessAPartIsAllowed) {
  Files files;
  files.folder.write("data_batch_1.bin", records(20));
  EXPECT_THAT(files.refusal(), HasSubstr("ends after 20 of 10000 records"));
  EXPECT_EQ(Cifar10::files(files.options).size(), 6U);
  files.options.allow_partial = true;
  EXPECT_EQ(files.refusal(), "");
  EXPECT_EQ(Cifar10::files(files.options).size(), 1U);
  std::filesystem::remove(files.folder.path() / "data_batch_1.bin");
  EXPECT_THAT(files.refusal(), HasSubstr("data_batch_1.bin is not in"));
}

TEST(Cifar10, HoldsBackTenthsOfAPartAndSaysSo) {
  Files files;
  files.options.allow_partial = true;
  files.folder.write("data_batch_1.bin", records(20));
  files.folder.write("data_batch_3.bin", records(20, 20));
  const Cifar10 data(files.options, FolderContext{});
  EXPECT_EQ(data.info().counts, (std::array<std::int64_t, 3>{32, 4, 4}));
  EXPECT_THAT(data.info().provenance,
              AllOf(HasSubstr("NOT THE PUBLISHED PIXELS"),
                    HasSubstr("PARTIAL, without 9980 records of data_batch_1.bin, data_batch_2.bin, 9980 records of "
                              "data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin"),
                    HasSubstr("test the training images before those of validation")));
  std::vector<float> images(2 * kPixels);
  std::vector<std::int32_t> labels(2);
  data.fill(Split::validation, std::vector<std::int64_t>{0, 3}, 0, images, labels);  // records 36 and 39
  EXPECT_THAT(labels, ::testing::ElementsAre(6, 9));
  EXPECT_EQ(images[0], static_cast<float>(36 * 7 % 251) / 255.0F);
  EXPECT_EQ(images[kPixels + 1024], static_cast<float>((39 * 7 + 1024) % 251) / 255.0F);
  data.fill(Split::test, std::vector<std::int64_t>{0, 3}, 0, images, labels);  // records 32 and 35
  EXPECT_THAT(labels, ::testing::ElementsAre(2, 5));
}

TEST(Cifar10, TestsOnTheTestFileOfAPart) {
  Files files;
  files.options.allow_partial = true;
  files.folder.write("data_batch_1.bin", records(20));
  files.folder.write("test_batch.bin", records(5, 100));
  const Cifar10 data(files.options, FolderContext{});
  EXPECT_EQ(data.info().counts, (std::array<std::int64_t, 3>{18, 2, 5}));
  std::vector<float> images(kPixels);
  std::vector<std::int32_t> labels(1);
  data.fill(Split::test, std::vector<std::int64_t>{4}, 0, images, labels);
  EXPECT_EQ(labels[0], 4);
  EXPECT_THAT(data.info().provenance, Not(HasSubstr("test the training images")));
}

TEST(Cifar10, RefusesAPartThatIsTooSmallToDivide) {
  Files files;
  files.options.allow_partial = true;
  files.folder.write("data_batch_1.bin", records(9));
  EXPECT_EQ(files.refusal(), "cifar10: 9 training records are too few to hold some back; need 10 or more");
}

TEST(Cifar10, OfSixWholeFilesDividesAsPublished) {
  Files files;
  for (const auto& file : Cifar10::files(files.options)) {
    const auto path = files.folder.write(file.names.front(), "");
    std::filesystem::resize_file(path, kBatchRecords * kRecord);  // holes: every label is 0
  }
  const Cifar10 data(files.options, FolderContext{});
  EXPECT_EQ(data.info().counts, (std::array<std::int64_t, 3>{45000, 5000, 10000}));
  EXPECT_FALSE(data.info().is_partial);
  EXPECT_THAT(data.info().provenance, Not(HasSubstr("PARTIAL")));
  EXPECT_EQ(data.info().classes, 10);
}

TEST(Cifar10, ReadsTheRealRecordsWhereTheyAreHere) {
  const char* folder = std::getenv("DRAWLAB_DATA");
  if (folder == nullptr || !std::filesystem::exists(std::filesystem::path(folder) / "cifar10")) {
    GTEST_SKIP() << "$DRAWLAB_DATA/cifar10 does not exist";
  }
  Cifar10Options options;
  options.path = (std::filesystem::path(folder) / "cifar10").string();
  options.allow_partial = true;
  const Cifar10 data(options, FolderContext{});
  std::vector<std::int32_t> labels(1);
  std::vector<float> images(kPixels);
  data.fill(Split::train, std::vector<std::int64_t>{0}, 0, images, labels);
  EXPECT_EQ(labels[0], 6);  // a frog
  EXPECT_EQ(images[0], 59.0F / 255.0F);
  EXPECT_THAT(images, Each(AllOf(::testing::Ge(0.0F), ::testing::Le(1.0F))));
  EXPECT_THAT(data.info().provenance, Not(HasSubstr("NOT THE PUBLISHED PIXELS")));
}

TEST(Cifar10, SaysWherePixelsWentThroughJpeg) {
  const char* folder = std::getenv("DRAWLAB_DATA");
  if (folder == nullptr || !std::filesystem::exists(std::filesystem::path(folder) / "cifar10_jpeg")) {
    GTEST_SKIP() << "$DRAWLAB_DATA/cifar10_jpeg does not exist";
  }
  Cifar10Options options;
  options.path = (std::filesystem::path(folder) / "cifar10_jpeg").string();
  options.allow_partial = true;
  EXPECT_THAT(Cifar10(options, FolderContext{}).info().provenance, HasSubstr("NOT THE PUBLISHED PIXELS"));
}

}  // namespace
}  // namespace drawlab::cifar10
