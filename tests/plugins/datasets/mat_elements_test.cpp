#include "datasets/svhn/prepare/mat_elements.hpp"

#include "datasets/svhn/prepare/digit_images.hpp"
#include "files.hpp"
#include "svhn_files.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

namespace drawlab::svhn {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using tests::data_error_of;
using tests::TemporaryFolder;

/// A packed element of a MATLAB 5 file.
std::string packed_element(const std::string& content) {
  uLongf size = compressBound(content.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(content.data()),
           content.size());
  packed.resize(size);
  return tests::little_endian_words({15, static_cast<std::uint32_t>(size)}) + packed;
}

/// X of one image, whose numbers are stored as these bytes of this type.
std::string image_element(std::uint32_t type, const std::string& stored) {
  const std::string padded = stored + std::string((8 - stored.size() % 8) % 8, '\0');
  const std::string content = tests::little_endian_words({6, 8, 9, 0, 5, 16, 32, 32, 3, 1, 1U << 16U | 1, 'X'}) +
                              tests::little_endian_words({type, static_cast<std::uint32_t>(stored.size())}) + padded;
  return tests::little_endian_words({14, static_cast<std::uint32_t>(content.size())}) + content;
}

TEST(MatElements, AreRefusedWhereNumbersAreNotAllThere) {
  const TemporaryFolder folder;
  const auto good = folder.path() / "good.mat";
  tests::write_digits(good, 1, {7});
  const std::string whole = read_file(good);
  const std::string header = whole.substr(0, 128);
  const std::size_t images_end = 136 + tests::little_endian_word(whole, 132);
  const std::string labels = whole.substr(images_end);
  const auto refusal_of = [&](const std::string& images) {
    const auto path = folder.write("x.mat", header + images + labels);
    return data_error_of([&] { prepare_digits(path, folder.path() / "out", [](std::size_t, std::size_t) {}); });
  };
  const std::string place = (folder.path() / "x.mat").string() + ": at byte 128: ";
  const std::string pixels(3072, '\x40');
  for (const bool packed : {false, true}) {
    const auto element = [&](std::uint32_t type, const std::string& stored) {
      const std::string plain = image_element(type, stored);
      return packed ? packed_element(plain) : plain;
    };
    EXPECT_EQ(refusal_of(element(2, pixels)), "");
    EXPECT_EQ(refusal_of(element(2, pixels.substr(0, 1000))),
              place + "variable X: its shape asks for 3072 bytes, but 1000 bytes of type 2 are stored");
    EXPECT_EQ(refusal_of(element(3, pixels + pixels)),
              place + "variable X: its shape asks for 3072 bytes, but 6144 bytes of type 3 are stored");
  }
  const std::string images = whole.substr(128, images_end - 128);
  std::string changed = images;
  changed[images.size() / 2] = static_cast<char>(changed[images.size() / 2] ^ 4);
  EXPECT_THAT(refusal_of(changed), AllOf(HasSubstr("x.mat: at byte "), HasSubstr("a packed element ")));
  std::string cut = images;
  cut.resize(images.size() - 100);
  cut.replace(0, 8, tests::little_endian_words({15, static_cast<std::uint32_t>(cut.size() - 8)}));
  EXPECT_THAT(refusal_of(cut), StartsWith(place + "a packed element is cut short, after "));
  std::string misnamed = image_element(2, pixels);
  misnamed.replace(8 + 40, 4, tests::little_endian_words({62085U << 16U | 1}));
  EXPECT_EQ(refusal_of(misnamed),
            place + "a variable's part in short form says that it has 62085 bytes, but has room for 4");
  std::string shapeless = image_element(2, pixels);
  shapeless[8 + 16] = 0;
  EXPECT_EQ(refusal_of(shapeless), place + "a variable does not begin with flags, a shape and a name");
  EXPECT_EQ(refusal_of(tests::little_endian_words({14, 0})), place + "a variable ends before its numbers");
  EXPECT_EQ(refusal_of(tests::little_endian_words({2, 8, 0, 0})), place + "an element of type 2 is no variable");
  EXPECT_EQ(refusal_of(packed_element("")), place + "a packed element holds no variable");
  std::string longer = image_element(2, pixels);
  longer.replace(4, 4, tests::little_endian_words({static_cast<std::uint32_t>(longer.size())}));
  EXPECT_THAT(refusal_of(packed_element(longer)), StartsWith(place + "a packed element comes to "));
}

TEST(MatElements, AreRefusedWhereTwoHaveOneName) {
  const TemporaryFolder folder;
  const std::string header = std::string(124, ' ') + std::string("\x00\x01IM", 4);
  const std::string image = image_element(2, std::string(3072, 'p'));
  const auto path = folder.write("twice.mat", header + image + image);
  EXPECT_EQ(data_error_of([&] { stored_numbers(path); }),
            path.string() + ": at byte " + std::to_string(128 + image.size()) + ": variable X is there already");
}

TEST(MatElements, TellWhatEachVariableHasStored) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "good.mat";
  tests::write_digits(path, 2, {1, 2}, 32, false);
  const auto stored = stored_numbers(path);
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(stored.at("X").type, kStoredBytes);
  EXPECT_EQ(stored.at("X").bytes, 2U * 3072);
  EXPECT_EQ(stored.at("X").offset, 128U);
  EXPECT_EQ(stored.at("y").bytes, 2 * size_of_stored(stored.at("y").type));
  EXPECT_EQ(size_of_stored(9), 8U);
  EXPECT_EQ(size_of_stored(14), 0U);
}

}  // namespace
}  // namespace drawlab::svhn
