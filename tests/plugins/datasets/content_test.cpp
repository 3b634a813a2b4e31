#include "datasets/mnist/content.hpp"

#include "files.hpp"

#include <gmock/gmock.h>

#include <random>

namespace drawlab::mnist {
namespace {

using ::testing::HasSubstr;
using tests::data_error_of;
using tests::gzipped;
using tests::TemporaryFolder;

std::string noise(std::size_t size) {
  std::mt19937 random(1);
  std::string bytes;
  while (bytes.size() < size) bytes += static_cast<char>(random());
  return bytes;
}

Content read_content(const std::filesystem::path& path, std::size_t size_hint = 0) {
  return parse_content(path, read_file(path), size_hint);
}

TEST(Content, IsTheSamePlainAndGzippedWhateverTheName) {
  const TemporaryFolder folder;
  const std::string bytes = noise(100000);
  const Content plain = read_content(folder.write("a", bytes));
  const Content packed = read_content(folder.write("b", gzipped(bytes)), bytes.size());
  EXPECT_EQ(plain.bytes, bytes);
  EXPECT_FALSE(plain.compressed);
  EXPECT_EQ(packed.bytes, bytes);
  EXPECT_TRUE(packed.compressed);
}

TEST(Content, GrowsWhereTheHintIsTooSmall) {
  const TemporaryFolder folder;
  const std::string bytes(1000000, 'a');
  EXPECT_EQ(read_content(folder.write("a.gz", gzipped(bytes)), 10).bytes, bytes);
}

TEST(Content, JoinsGzipStreamsThatStandEndToEnd) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_content(folder.write("a.gz", gzipped("one ") + gzipped("two"))).bytes, "one two");
}

TEST(Content, OfAnEmptyFileIsEmpty) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_content(folder.write("a", "")).bytes, "");
}

TEST(Content, SaysWhereAGzipStreamIsCutShort) {
  const TemporaryFolder folder;
  const std::string packed = gzipped(noise(5000));
  for (const std::size_t size : {std::size_t{2}, std::size_t{15}, packed.size() / 2, packed.size() - 1}) {
    const auto path = folder.write("cut.gz", packed.substr(0, size));
    EXPECT_THAT(data_error_of([&] { read_content(path); }),
                HasSubstr(path.string() + ": at byte " + std::to_string(size) + ": the gzip stream is cut short"));
  }
}

TEST(Content, SaysWhereAGzipStreamIsDamaged) {
  const TemporaryFolder folder;
  std::string packed = gzipped(noise(5000));
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 1);  // in the CRC
  const auto path = folder.write("damaged.gz", packed);
  EXPECT_THAT(data_error_of([&] { read_content(path); }),
              HasSubstr("the gzip stream is damaged (incorrect data check)"));
}

TEST(Content, RefusesBytesAfterTheGzipStream) {
  const TemporaryFolder folder;
  const std::string packed = gzipped("zeros and ones");
  const auto path = folder.write("long.gz", packed + "xyz");
  EXPECT_EQ(data_error_of([&] { read_content(path); }), path.string() + ": at byte " + std::to_string(packed.size()) +
                                                            ": 3 bytes follow the end of the gzip stream");
}

TEST(Content, RefusesAGzipStreamThatComesToFarTooMuch) {
  const TemporaryFolder folder;
  std::string packed;
  const std::string megabytes = gzipped(std::string(std::size_t{32} << 20U, '0'));
  for (int i = 0; i < 9; ++i) packed += megabytes;
  const auto path = folder.write("bomb.gz", packed);
  EXPECT_THAT(data_error_of([&] { read_content(path); }),
              ::testing::AllOf(::testing::StartsWith(path.string() + ": at byte "),
                               HasSubstr("the gzip stream comes to more than 268435456 bytes")));
}

TEST(Content, SaysWhichFileIsMissing) {
  const TemporaryFolder folder;
  EXPECT_THAT(data_error_of([&] { read_content(folder.path() / "none"); }),
              ::testing::AllOf(HasSubstr("none"), HasSubstr("No such file")));
}

}  // namespace
}  // namespace drawlab::mnist
