#include "drawlab/error.hpp"

#include "datasets/svhn/prepare/number_images.hpp"
#include "datasets/svhn/svhn.hpp"
#include "svhn_published.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <zlib.h>

namespace drawlab::svhn {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using tests::data_error_of;
using tests::ListedDigit;
using tests::ListedNumber;
using tests::Spoilt;
using tests::TemporaryFolder;
using Published = tests::PublishedSvhn;
using tests::two_numbers;

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
  return data_error_of([&] {
    prepare(format, file, folder.path() / "out", tests::FolderContext(),
            {tests::kSvhnPrepare, std::chrono::seconds(60)});
  });
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
  const std::string whole = read_file(files.list("train"));
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
  const std::string whole = read_file(good);
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
  const std::string whole = read_file(picture);
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
    return data_error_of([&] {
      prepare(Format::digits, "some.mat", "out", tests::FolderContext(), {program, std::chrono::seconds(1)});
    });
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
    EXPECT_THAT(
        data_error_of([&] {
          prepare(Format::digits, "some.mat", output, tests::FolderContext(), {program, std::chrono::seconds(1)});
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
  prepare(Format::digits, "some.mat", "out", tests::FolderContext(), {program, std::chrono::seconds(60)},
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
  const PreparedImages good = tests::read_prepared(path);
  EXPECT_EQ(good.count(), 1);
  EXPECT_EQ(good.number(0).digits[1], 2);
  EXPECT_EQ(good.pixels(0)[11], 9);
  EXPECT_THAT(good.missing(), ElementsAre("7.png"));
  const std::string whole = read_file(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = folder.write("cut", whole.substr(0, size));
    EXPECT_THAT(data_error_of([&] { tests::read_prepared(cut); }), StartsWith(cut.string() + ": at byte ")) << size;
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto other = folder.write("changed", changed);
    EXPECT_THAT(data_error_of([&] { tests::read_prepared(other); }), StartsWith(other.string() + ": at byte ")) << i;
  }
  EXPECT_THAT(data_error_of([&] { tests::read_prepared(folder.path() / "none"); }), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace drawlab::svhn
