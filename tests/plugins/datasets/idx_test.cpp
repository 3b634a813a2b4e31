#include "datasets/mnist/idx.hpp"

#include "files.hpp"
#include "mnist_files.hpp"

#include <gmock/gmock.h>

namespace drawlab::mnist {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using tests::data_error_of;
using tests::gzipped;
using tests::idx_images;
using tests::idx_labels;
using tests::TemporaryFolder;

Content read(const std::filesystem::path& path) { return parse_content(path, read_file(path)); }

std::string error_of_images(const std::string& bytes) {
  const TemporaryFolder folder;
  const auto path = folder.write("images", bytes);
  return data_error_of([&] { parse_idx_images(read(path), 28, 28); });
}

std::string error_of_labels(const std::string& bytes) {
  const TemporaryFolder folder;
  const auto path = folder.write("labels", bytes);
  return data_error_of([&] { parse_idx_labels(read(path)); });
}

TEST(Idx, ReadsImagesAndLabelsInOrder) {
  const TemporaryFolder folder;
  const IdxFile images = parse_idx_images(read(folder.write("images", idx_images(3))), 28, 28);
  const IdxFile labels = parse_idx_labels(read(folder.write("labels", gzipped(idx_labels(3)))));
  EXPECT_EQ(images.count, 3);
  EXPECT_EQ(images.values(2).size(), 784U);
  EXPECT_EQ(images.values(2)[5], tests::grey_level(2, 5));
  EXPECT_EQ(labels.values(2)[0], 2);
}

TEST(Idx, RefusesAWrongMagicNumberWithTheRightOne) {
  EXPECT_THAT(error_of_images(idx_labels(3)), AllOf(HasSubstr("at byte 0: magic number 2049"), HasSubstr("2051")));
  EXPECT_THAT(error_of_labels(idx_images(1)), AllOf(HasSubstr("at byte 0: magic number 2051"), HasSubstr("2049")));
}

TEST(Idx, RefusesOtherDimensions) {
  EXPECT_THAT(error_of_images(idx_images(2, 27)), HasSubstr("at byte 8: images of 27x28 pixels; needed: 28x28"));
}

TEST(Idx, SaysWhereAFileIsCutShort) {
  EXPECT_THAT(error_of_images(idx_images(2).substr(0, 9)), HasSubstr("at byte 9: the file ends within its IDX header"));
  EXPECT_THAT(error_of_images(""), HasSubstr("at byte 0: the file ends within its IDX header"));
  EXPECT_THAT(error_of_images(idx_images(2).substr(0, 1000)),
              AllOf(HasSubstr("at byte 1000: cut short"), HasSubstr("2 images, which take 1584 bytes")));
  EXPECT_THAT(error_of_labels(idx_labels(5).substr(0, 12)), HasSubstr("at byte 12: cut short"));
}

TEST(Idx, SaysThatAnOffsetLiesInTheDecompressedContent) {
  EXPECT_THAT(error_of_images(gzipped(idx_images(2).substr(0, 1000))),
              HasSubstr("at byte 1000 of the decompressed content: cut short"));
}

TEST(Idx, RefusesTrailingBytes) {
  EXPECT_THAT(error_of_images(idx_images(2) + "xy"),
              HasSubstr("at byte 1584: 2 bytes follow the last of the 2 images"));
}

TEST(Idx, RefusesALabelAboveNine) {
  std::string bytes = idx_labels(5);
  bytes[8 + 3] = 10;
  EXPECT_THAT(error_of_labels(bytes), HasSubstr("at byte 11: label 10 of sample 3 is outside 0..9"));
}

TEST(Idx, RefusesCountsThatDiffer) {
  const TemporaryFolder folder;
  const IdxFile images = parse_idx_images(read(folder.write("images", idx_images(3))), 28, 28);
  const IdxFile two = parse_idx_labels(read(folder.write("two", idx_labels(2))));
  const IdxFile three = parse_idx_labels(read(folder.write("three", idx_labels(3))));
  EXPECT_THAT(data_error_of([&] { check_counts(images, two, 3); }),
              AllOf(HasSubstr("at byte 4: 3 images, but "), HasSubstr("holds 2 labels")));
  EXPECT_THAT(data_error_of([&] { check_counts(images, three, 60000); }),
              HasSubstr("at byte 4: 3 images; needed: 60000"));
}

}  // namespace
}  // namespace drawlab::mnist
