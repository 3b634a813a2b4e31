#include "datasets/svhn/svhn.hpp"

#include "drawlab/error.hpp"

#include "datasets/svhn/prepare/number_images.hpp"
#include "svhn_published.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace drawlab::svhn {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using tests::FolderContext;
using tests::TemporaryFolder;
using Published = tests::PublishedSvhn;
using tests::two_numbers;

/// Looks for files in one folder after the other.
class FoldersContext final : public DatasetContext {
 public:
  explicit FoldersContext(std::vector<std::filesystem::path> folders) : folders_(std::move(folders)) {}
  std::uint64_t seed() const override { return 1; }
  std::filesystem::path locate(const DatasetFile& file, const std::string&) const override {
    for (const auto& folder : folders_) {
      if (std::filesystem::exists(folder / file.names.front())) return folder / file.names.front();
    }
    throw DataError(file.names.front() + " is in no folder");
  }
  std::unique_ptr<Dataset> open(const std::string& name, const ConfigNode&) const override { throw PluginError(name); }

 private:
  std::vector<std::filesystem::path> folders_;
};

TEST(SvhnNumbers, HaveTheirDigitsInOrderWithTenForZeroAndABoxRoundAll) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "digitStruct.mat";
  tests::write_number_list(path, two_numbers());
  const auto entries = read_number_list(path);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].name, "1.png");
  EXPECT_EQ(entries[0].number.length, 2);
  EXPECT_THAT(entries[0].number.digits, ElementsAre(1, 9, 0, 0, 0, 0, 0));
  EXPECT_EQ(entries[0].box.left, 20);
  EXPECT_EQ(entries[0].box.top, 10);
  EXPECT_EQ(entries[0].box.width, 22);
  EXPECT_EQ(entries[0].box.height, 22);
  EXPECT_EQ(entries[1].number.digits[0], 0);
}

TEST(SvhnNumbers, AreWidenedByThirtyPercentWithinTheImage) {
  const Rectangle inside = widened({20, 10, 20, 10}, 100, 60);
  EXPECT_DOUBLE_EQ(inside.left, 17);
  EXPECT_DOUBLE_EQ(inside.top, 8.5);
  EXPECT_DOUBLE_EQ(inside.width, 26);
  EXPECT_DOUBLE_EQ(inside.height, 13);
  const Rectangle cut = widened({-10, 50, 20, 20}, 100, 60);
  EXPECT_DOUBLE_EQ(cut.left, 0);
  EXPECT_DOUBLE_EQ(cut.width, 13);
  EXPECT_DOUBLE_EQ(cut.top + cut.height, 60);
  EXPECT_THROW(widened({200, 10, 20, 10}, 100, 60), DataError);
}

TEST(SvhnNumbers, AreResizedByTheMeanOfWhatEachPixelCovers) {
  ColorImage image{8, 8, std::vector<std::uint8_t>(8 * 8 * 3)};
  for (std::size_t i = 0; i < 64; ++i) {
    image.pixels[3 * i] = 200;
    image.pixels[3 * i + 1] = i % 8 < 4 ? 0 : 240;
    image.pixels[3 * i + 2] = i / 8 < 4 ? 80 : 0;
  }
  const auto half = resized(image, {0, 0, 8, 8}, 2);
  EXPECT_THAT(
      half, ElementsAre(200, 200, 200, 200, half[4], half[5], half[4], half[5], half[8], half[8], half[10], half[10]));
  EXPECT_LT(half[4], 80);
  EXPECT_GT(half[5], 160);
  EXPECT_GT(half[8], half[10]);
  const auto twice = resized(image, {0, 0, 8, 8}, 16);
  EXPECT_EQ(twice[256 + 0], 0);
  EXPECT_EQ(twice[256 + 15], 240);
}

TEST(Svhn, ShowsTheMiddleOfTestImagesAndCropsTrainingImagesAnew) {
  Published files;
  files.write_numbers("train");
  files.write_numbers("test");
  const Svhn data = files.open();
  EXPECT_EQ(data.info().image, (ImageShape{3, 54, 54}));
  EXPECT_EQ(data.info().counts, (std::array<std::int64_t, 3>{1, 1, 2}));
  EXPECT_EQ(data.info().classes, 7);
  const auto filled = [&](Split split, std::int64_t index, std::uint64_t epoch) {
    std::pair<std::vector<float>, std::vector<std::int32_t>> batch{std::vector<float>(3 * 54 * 54), {9}};
    data.fill(split, std::vector<std::int64_t>{index}, epoch, batch.first, batch.second);
    return batch;
  };
  EXPECT_EQ(filled(Split::test, 0, 0).second[0], 1);  // two digits
  EXPECT_EQ(filled(Split::test, 1, 0).second[0], 0);
  EXPECT_EQ(filled(Split::test, 0, 0), filled(Split::test, 0, 7));
  int differ = 0;
  for (std::uint64_t epoch = 1; epoch < 6; ++epoch)
    differ += filled(Split::train, 0, 0) != filled(Split::train, 0, epoch) ? 1 : 0;
  EXPECT_GE(differ, 4);
  EXPECT_EQ(data.number(Split::train, 0).digits[1], 9);
  EXPECT_EQ(data.number(Split::validation, 0).digits[0], 0);
  // Red is the column: the box of `0` from 40 − 1.8 on, 12·1.3 = 15.6 wide, in
  // 64 steps; the crop begins with the sixth.
  const auto test = filled(Split::test, 1, 0).first;
  EXPECT_NEAR(test[0] * 255, 38.2 + 5.5 * 15.6 / 64 - 0.5, 0.6);
  EXPECT_NEAR(test[53] * 255, 38.2 + 58.5 * 15.6 / 64 - 0.5, 0.6);
  EXPECT_NEAR(test[2 * 54 * 54] * 255, 100, 0.5);
}

TEST(Svhn, NamesTheImagesThatAreMissing) {
  Published files;
  files.write_numbers("train");
  files.write_numbers("test");
  std::filesystem::remove(files.folder.path() / "test/2.png");
  EXPECT_EQ(files.refusal(), files.list("test").string() +
                                 ": 1 of the 2 images in test (2.png) are not beside it; `drawlab data fetch svhn` "
                                 "downloads all, the option allow_partial: true takes what is there");
  std::filesystem::remove(files.folder.path() / "train/1.png");
  EXPECT_THAT(files.refusal(), AllOf(StartsWith(files.list("train").string() + ": 1 of the 2 images in train (1.png)"),
                                     HasSubstr(files.list("test").string() + ": 1 of the 2 images in test (2.png)")));
  tests::write_png(files.folder.path() / "train/1.png", 100, 60);
  files.options.allow_partial = true;
  const Svhn data = files.open();
  EXPECT_EQ(data.info().count(Split::test), 1);
  EXPECT_TRUE(data.info().is_partial);
  EXPECT_THAT(data.info().provenance, HasSubstr("PARTIAL, without 1 of the 2 images in test (2.png)"));
  std::filesystem::remove(files.folder.path() / "test/1.png");
  EXPECT_EQ(files.refusal(), files.list("test").string() + ": none of its images is beside it");
}

TEST(Svhn, RefusesAListOfNothing) {
  Published files;
  files.write_numbers("train");
  tests::write_number_list(files.list("test"), {});
  for (const bool partial : {false, true}) {
    files.options.allow_partial = partial;
    EXPECT_THAT(files.refusal(), StartsWith(files.list("test").string() + ": ")) << partial;
  }
}

TEST(Svhn, TakesAListWithAllItsImagesBeforeOneWithout) {
  Published whole;
  whole.write_numbers("train");
  whole.write_numbers("test");
  for (const char* last : {"train/33402.png", "test/13068.png"}) tests::write_png(whole.folder.path() / last, 10, 10);
  Published partial;
  partial.write_numbers("train");
  partial.write_numbers("test");
  std::filesystem::remove(partial.folder.path() / "test/2.png");
  ::setenv("XDG_CACHE_HOME", (partial.folder.path() / "cache").c_str(), 1);
  const FoldersContext folders({partial.folder.path(), whole.folder.path()});
  EXPECT_EQ(Svhn(partial.options, folders, partial.limits).info().count(Split::test), 2);
  partial.options.allow_partial = true;
  EXPECT_EQ(Svhn(partial.options, folders, partial.limits).info().count(Split::test), 1);
}

TEST(Svhn, KnowsTheSumAndSizeOfEveryFileThatItDownloads) {
  for (const Format format : {Format::numbers, Format::digits}) {
    SvhnOptions options;
    options.format = format;
    options.extra = true;
    const auto files = Svhn::files(options);
    EXPECT_EQ(files.size(), format == Format::numbers ? 6U : 3U);
    for (const DatasetFile& file : files) {
      EXPECT_EQ(file.sha256.size(), 64U) << file.names.front();
      EXPECT_GT(file.bytes, 60000000U) << file.names.front();
    }
  }
}

TEST(Svhn, ReadsDigitsCutOutWithTenForZero) {
  Published files;
  files.options.format = Format::digits;
  for (const bool bytes : {true, false}) {
    tests::write_digits(files.folder.path() / "train_32x32.mat", 5, {1, 2, 10, 9, 3}, 32, bytes);
    tests::write_digits(files.folder.path() / "test_32x32.mat", 2, {10, 4}, 32, bytes);
    const Svhn data = files.open();
    EXPECT_EQ(data.info().image, (ImageShape{3, 32, 32}));
    EXPECT_EQ(data.info().counts, (std::array<std::int64_t, 3>{4, 1, 2}));
    std::vector<float> images(4 * 3072);
    std::vector<std::int32_t> labels(4);
    data.fill(Split::train, std::vector<std::int64_t>{0, 1, 2, 3}, 0, images, labels);
    EXPECT_THAT(labels, ElementsAre(1, 2, 0, 9));
    EXPECT_EQ(images[2 * 3072 + (1 * 32 + 5) * 32 + 7], static_cast<float>(tests::digit_pixel(2, 1, 5, 7)) / 255.0F);
  }
}

TEST(Svhn, KeepsWhatItPreparedAndMakesADamagedCopyAnew) {
  Published files;
  files.write_numbers("train");
  files.write_numbers("test");
  const std::string checksum = files.open().info().checksum;
  files.limits.program = "/nowhere";
  EXPECT_EQ(files.open().info().checksum, checksum);
  for (const auto& entry : std::filesystem::directory_iterator(files.folder.path() / "cache/drawlab/svhn/prepared")) {
    std::filesystem::resize_file(entry.path(), 1000);
  }
  EXPECT_THROW(files.open(), SystemError);
  files.limits.program = tests::kSvhnPrepare;
  EXPECT_EQ(files.open().info().checksum, checksum);
  // Whole, but of images that are no larger than what is cut out of them.
  for (const auto& entry : std::filesystem::directory_iterator(files.folder.path() / "cache/drawlab/svhn/prepared")) {
    PreparedWriter writer(entry.path(), 16, {});
    writer.add({1, {1}}, std::vector<std::uint8_t>(3 * 16 * 16));
    writer.finish();
  }
  EXPECT_EQ(files.open().info().checksum, checksum);
  tests::write_png(files.folder.path() / "test/1.png", 100, 30);  // cuts its box
  EXPECT_NE(files.open().info().checksum, checksum);
}

TEST(Svhn, TellsHowFarThePreparationIs) {
  Published files;
  files.write_numbers("train");
  files.write_numbers("test");
  const FolderContext context;
  const Svhn first(files.options, context, files.limits);
  ASSERT_FALSE(context.told().empty());
  EXPECT_EQ(context.told().front().first, "svhn: reading " + files.list("train").string());
  EXPECT_EQ(context.told().back(), std::pair("svhn: reading " + files.list("test").string(), 1.0));
  const FolderContext again;
  const Svhn prepared(files.options, again, files.limits);
  EXPECT_THAT(again.told(), IsEmpty());
}

TEST(Svhn, ReadsTheRealSampleWhereItIsHere) {
  const char* folder = std::getenv("DRAWLAB_DATA");
  if (folder == nullptr || !std::filesystem::exists(std::filesystem::path(folder) / "svhn")) {
    GTEST_SKIP() << "$DRAWLAB_DATA/svhn does not exist";
  }
  Published files;
  files.options.path = (std::filesystem::path(folder) / "svhn").string();
  files.options.extra = true;
  EXPECT_THAT(files.refusal(), HasSubstr("37 of the 40 images in extra (4.png to 40.png)"));
  files.options.allow_partial = true;
  const Svhn data = files.open();
  EXPECT_EQ(data.info().counts, (std::array<std::int64_t, 3>{5, 1, 3}));
  const auto text = [&](Split split, std::int64_t index) { return data.label_text(split, index, 0); };
  // Those of `extra` come first, so that the validation image is one of `train`.
  EXPECT_EQ(text(Split::train, 0), "478");
  EXPECT_EQ(text(Split::train, 1), "71");
  EXPECT_EQ(text(Split::train, 2), "174");
  EXPECT_EQ(text(Split::train, 3), "19");
  EXPECT_EQ(text(Split::train, 4), "23");
  EXPECT_EQ(text(Split::validation, 0), "25");
  EXPECT_EQ(text(Split::test, 0), "5");
  EXPECT_EQ(text(Split::test, 1), "210");
  EXPECT_EQ(text(Split::test, 2), "6");
  // 1.png: the 1 at 246, 77 of 81x219 pixels, the 9 at 323, 81 of 96x219.
  const auto first = read_number_list(std::filesystem::path(folder) / "svhn" / "train" / "digitStruct.mat").front();
  EXPECT_EQ(first.name, "1.png");
  EXPECT_EQ(first.box.left, 246);
  EXPECT_EQ(first.box.top, 77);
  EXPECT_EQ(first.box.width, 323 + 96 - 246);
  EXPECT_EQ(first.box.height, 81 + 219 - 77);
}

}  // namespace
}  // namespace drawlab::svhn
