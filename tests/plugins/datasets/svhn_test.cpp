#include "datasets/svhn/svhn.hpp"

#include "drawlab/error.hpp"

#include "datasets/svhn/prepare/number_images.hpp"
#include "files.hpp"
#include "svhn_files.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cstdlib>

namespace drawlab::svhn {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using tests::data_error_of;
using tests::FolderContext;
using tests::ListedDigit;
using tests::ListedNumber;
using tests::Spoilt;
using tests::TemporaryFolder;

constexpr const char* kProgram = DRAWLAB_SVHN_PREPARE;

/// Two numbers of 100×60 pixels, `19` and `0`.
std::vector<ListedNumber> two_numbers() {
  return {{"1.png", {{1, 20, 10, 10, 20}, {9, 32, 12, 10, 20}}}, {"2.png", {{10, 40, 20, 12, 24}}}};
}

/// A folder with the published layout, and a cache of its own.
struct Published {
  TemporaryFolder folder;
  SvhnOptions options;
  PreparationLimits limits{kProgram, std::chrono::seconds(60)};

  Published() {
    ::setenv("XDG_CACHE_HOME", (folder.path() / "cache").c_str(), 1);
    options.path = folder.path().string();
  }
  ~Published() { ::unsetenv("XDG_CACHE_HOME"); }
  Published(const Published&) = delete;
  Published& operator=(const Published&) = delete;

  std::filesystem::path list(const std::string& part) const { return folder.path() / part / "digitStruct.mat"; }
  void write_numbers(const std::string& part, Spoilt spoilt = Spoilt::no) const {
    tests::write_number_list(list(part), two_numbers(), spoilt);
    for (const char* name : {"1.png", "2.png"}) tests::write_png(folder.path() / part / name, 100, 60);
  }
  Svhn open() const { return {options, FolderContext{}, limits}; }
  std::string refusal() const {
    return data_error_of([&] { open(); });
  }
};

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
  std::string sha256(const std::filesystem::path& file) const override { return sha256_of_file(file); }

 private:
  std::vector<std::filesystem::path> folders_;
};

/// A PNG file's header with another width, under a checksum that is right.
std::string with_png_width(std::string png, std::uint32_t width) {
  constexpr std::size_t kHeader = 12;  // its type, then width, height and 5 bytes
  const auto put = [&](std::size_t at, std::uint32_t number) {
    for (std::size_t i = 0; i < 4; ++i) png[at + i] = static_cast<char>(number >> (24 - 8 * i));
  };
  put(kHeader + 4, width);
  put(kHeader + 17, static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(&png[kHeader]), 17)));
  return png;
}

/// What preparing a file comes to.
std::string refusal(Format format, const std::filesystem::path& file) {
  const TemporaryFolder folder;
  return data_error_of([&] { prepare(format, file, folder.path() / "out", {kProgram, std::chrono::seconds(60)}); });
}

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
  EXPECT_THAT(data.info().provenance, HasSubstr("PARTIAL, without 1 of the 2 images in test (2.png)"));
  std::filesystem::remove(files.folder.path() / "test/1.png");
  EXPECT_EQ(files.refusal(), files.list("test").string() + ": none of its images is beside it");
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
  files.limits.program = kProgram;
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

TEST(SvhnHostile, ListsAreRefusedInOneSentence) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "digitStruct.mat";
  const auto spoilt = [&](Spoilt how, std::vector<ListedNumber> numbers = two_numbers()) {
    tests::write_number_list(path, numbers, how);
    return refusal(Format::numbers, path);
  };
  const std::string place = path.string() + ": ";
  EXPECT_EQ(spoilt(Spoilt::name_is_group), place + "entry 1.name: a reference leads to no dataset");
  EXPECT_EQ(spoilt(Spoilt::box_is_dataset), place + "entry 1.bbox: a reference leads to no group");
  EXPECT_EQ(spoilt(Spoilt::cycle), place + "entry 1.bbox.label: holds 2 values, more than 1");
  EXPECT_EQ(spoilt(Spoilt::uneven), place + "entry 1.bbox: its members have different numbers of values");
  EXPECT_EQ(spoilt(Spoilt::fewer_boxes), place + "/digitStruct: 2 names, but 1 boxes");
  EXPECT_EQ(spoilt(Spoilt::numbers_for_references), place + "/digitStruct/name: does not hold object references");
  const auto with = [&](const std::string& name, const ListedDigit& digit) {
    return spoilt(Spoilt::no, {{name, {digit}}});
  };
  EXPECT_EQ(with("../1.png", {}), place + "entry 1.name: '../1.png' is no plain file name");
  EXPECT_THAT(with("1.png", {11, 0, 0, 1, 1}), HasSubstr("entry 1.bbox.label: 11.000000 is outside 1..10"));
  EXPECT_THAT(with("1.png", {1, 0, 0, -5, 1}), HasSubstr("entry 1.bbox: a box that cannot be"));
  EXPECT_THAT(with("1.png", {1, 1e300, 0, 5, 1}), HasSubstr("entry 1.bbox: a box that cannot be"));
  EXPECT_THAT(with(std::string(65, 'a'), {}), HasSubstr("entry 1.name: holds 65 values, more than 64"));
  EXPECT_THAT(spoilt(Spoilt::no, {{"1.png", std::vector<ListedDigit>(8)}}),
              HasSubstr("entry 1.bbox.label: holds 8 values, more than 7"));
}

TEST(SvhnHostile, ListsThatAreCutOrScribbledOnEndInADataErrorAndNothingElse) {
  Published files;
  files.write_numbers("train");
  const std::string whole = tests::read_file(files.list("train"));
  for (std::size_t size = 0; size < whole.size(); size += whole.size() / 40 + 1) {
    const auto cut = files.folder.write("train/cut.mat", whole.substr(0, size));
    EXPECT_THAT(refusal(Format::numbers, cut), StartsWith(cut.string() + ": ")) << size;
  }
  std::uint32_t state = 1;
  const auto next = [&] { return state = state * 1664525U + 1013904223U; };
  for (int round = 0; round < 40; ++round) {
    std::string spoilt = whole;
    for (int i = 0; i < 24; ++i)
      spoilt[512 + (next() >> 8U) % (spoilt.size() - 512)] = static_cast<char>(next() >> 24U);
    const auto path = files.folder.write("train/spoilt.mat", spoilt);
    // Where the scribble hit nothing that is read, the file is as good as
    // before.
    EXPECT_THAT(refusal(Format::numbers, path), AnyOf(IsEmpty(), HasSubstr(files.folder.path().string()))) << round;
  }
}

TEST(SvhnHostile, DigitsAreRefusedInOneSentence) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "train_32x32.mat";
  const std::string place = path.string() + ": ";
  tests::write_digits(path, 2, {1, 11});
  EXPECT_THAT(refusal(Format::digits, path),
              StartsWith(place + "variable y: label 11.000000 of image 2 is outside 1..10"));
  tests::write_digits(path, 2, {1, 2, 3});
  EXPECT_EQ(refusal(Format::digits, path), place + "variable y: its shape is [3,1], need [2,1]");
  tests::write_digits(path, 2, {1, 2}, 16);
  EXPECT_EQ(refusal(Format::digits, path), place + "variable X: its shape is [16,16,3,2], need [32,32,3,N]");
  const std::string text =
      "no MATLAB file at all, though it is longer than the header of one: " + std::string(200, '.');
  EXPECT_THAT(refusal(Format::digits, folder.write("text.mat", text)),
              HasSubstr("text.mat: is no little-endian MATLAB 5 file"));
}

TEST(SvhnHostile, DigitsThatAreCutOrScribbledOnEndInADataErrorAndNothingElse) {
  const TemporaryFolder folder;
  const auto good = folder.path() / "good.mat";
  tests::write_digits(good, 3, {1, 2, 3});
  const std::string whole = tests::read_file(good);
  for (std::size_t size = 0; size + 1 < whole.size(); size += whole.size() / 40 + 1) {
    const auto cut = folder.write("cut.mat", whole.substr(0, size));
    EXPECT_THAT(refusal(Format::digits, cut), StartsWith(cut.string() + ": ")) << size;
  }
  std::uint32_t state = 7;
  const auto next = [&] { return state = state * 1664525U + 1013904223U; };
  for (int round = 0; round < 40; ++round) {
    std::string spoilt = whole;
    for (int i = 0; i < 6; ++i) spoilt[124 + (next() >> 8U) % (spoilt.size() - 124)] = static_cast<char>(next() >> 24U);
    const auto path = folder.write("spoilt.mat", spoilt);
    EXPECT_THAT(refusal(Format::digits, path), AnyOf(IsEmpty(), HasSubstr(path.string()))) << round;
  }
}

TEST(SvhnHostile, PicturesAreRefusedInOneSentence) {
  Published files;
  files.write_numbers("train");
  files.write_numbers("test");
  const auto picture = files.folder.path() / "train/1.png";
  const std::string whole = tests::read_file(picture);
  files.folder.write("train/1.png", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(files.refusal(), AllOf(StartsWith(picture.string() + ": "), HasSubstr("cut short or damaged")));
  files.folder.write("train/1.png", "GIF89a");
  EXPECT_THAT(files.refusal(), StartsWith(picture.string() + ": is no PNG file"));
  files.folder.write("train/1.png", with_png_width(whole, 8193));
  EXPECT_EQ(files.refusal(), picture.string() + ": 8193x60 pixels are outside 1..8192 along a side");
  files.folder.write("train/1.png", with_png_width(whole, 0x7fffffff));
  EXPECT_THAT(files.refusal(), StartsWith(picture.string() + ": "));
  tests::write_png(picture, 10, 10);  // the box lies outside
  EXPECT_THAT(files.refusal(), StartsWith(picture.string() + ": its box lies outside the image"));
}

TEST(SvhnPreparation, SaysWhichSignalEndedTheProgramAndEndsASilentOne) {
  const TemporaryFolder folder;
  const auto script = [&](const std::string& name, const std::string& text) {
    const auto path = folder.write(name, "#!/bin/sh\n" + text + "\n");
    ::chmod(path.c_str(), 0755);
    return path;
  };
  const auto said = [&](const std::filesystem::path& program) {
    return data_error_of([&] { prepare(Format::digits, "some.mat", "out", {program, std::chrono::seconds(1)}); });
  };
  EXPECT_THAT(said(script("crash", "kill -SEGV $$")),
              StartsWith("some.mat: brought down the program that reads it (signal 11, "));
  EXPECT_THROW(said(script("interrupted", "kill -INT $$")), SystemError);
  EXPECT_THAT(
      said(script("killed", "kill -KILL $$")),
      StartsWith("some.mat: the program that reads it was killed (signal 9, Killed), as happens where memory "));
  EXPECT_THAT(said(script("hang", "exec sleep 600")), StartsWith("some.mat: reading it made no progress for 1 s"));
  EXPECT_EQ(said(script("mute", "exit 3")), "some.mat: the program that reads it ended with status 3");
  EXPECT_EQ(said(script("data", "echo the sentence >&2; exit 5")), "the sentence");
  EXPECT_THROW(said(script("disk", "echo the disk is full >&2; exit 1")), SystemError);
  EXPECT_THROW(said("/nowhere/svhn_prepare"), SystemError);
}

TEST(SvhnPreparation, LeavesNothingHalfWrittenBehind) {
  const TemporaryFolder folder;
  const auto output = folder.path() / "out";
  for (const char* end : {"kill -SEGV $$", "exec sleep 600", "exit 3"}) {
    const auto program =
        folder.write("half", std::string("#!/bin/sh\necho half > \"$3.$$.part\"\necho 1 2\n") + end + "\n");
    ::chmod(program.c_str(), 0755);
    EXPECT_THAT(data_error_of([&] {
                  prepare(Format::digits, "some.mat", output, {program, std::chrono::seconds(1)});
                }),
                StartsWith("some.mat: "));
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      EXPECT_EQ(entry.path(), program) << end;
  }
}

TEST(SvhnPreparation, PassesOnTheLastWholeLineOfCounts) {
  const TemporaryFolder folder;
  const auto program =
      folder.write("counting", "#!/bin/sh\nprintf '1 4\\n2 '; sleep 0.2; printf '4\\n9 4\\nno number\\n3 4\\n4'\n");
  ::chmod(program.c_str(), 0755);
  std::vector<double> shares;
  prepare(Format::digits, "some.mat", "out", {program, std::chrono::seconds(60)},
          [&](double share) { shares.push_back(share); });
  EXPECT_THAT(shares, AnyOf(ElementsAre(0.25, 0.75), ElementsAre(0.25, 0.5, 0.75), ElementsAre(0.75)));
}

TEST(SvhnPrepared, RefusesFilesThatAreCutOrChanged) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "x.images";
  {
    PreparedWriter writer(path, 2, {"7.png"});
    writer.add({2, {4, 2}}, std::vector<std::uint8_t>(12, 9));
    writer.finish();
  }
  const PreparedImages good = PreparedImages::read(path);
  EXPECT_EQ(good.count(), 1);
  EXPECT_EQ(good.number(0).digits[1], 2);
  EXPECT_EQ(good.pixels(0)[11], 9);
  EXPECT_THAT(good.missing(), ElementsAre("7.png"));
  const std::string whole = tests::read_file(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = folder.write("cut", whole.substr(0, size));
    EXPECT_THAT(data_error_of([&] { PreparedImages::read(cut); }), StartsWith(cut.string() + ": at byte ")) << size;
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto other = folder.write("changed", changed);
    EXPECT_THAT(data_error_of([&] { PreparedImages::read(other); }), StartsWith(other.string() + ": at byte ")) << i;
  }
  EXPECT_THAT(data_error_of([&] { PreparedImages::read(folder.path() / "none"); }), HasSubstr("cannot be read"));
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
