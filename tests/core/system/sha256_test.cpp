#include "system/sha256.hpp"

#include "drawlab/error.hpp"

#include "sandbox.hpp"

#include <gtest/gtest.h>

namespace drawlab {
namespace {

TEST(Sha256, GivesThePublishedSums) {
  EXPECT_EQ(sha256_of(std::string_view()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, IsTheSameForBytesThatComeInPiecesAndForAFile) {
  const test::TemporaryFolder folder;
  const std::string content(std::size_t{3} << 20, 'x');
  Sha256 pieces;
  pieces.update(std::string_view(content).substr(0, 12345));
  pieces.update(std::string_view(content).substr(12345));
  const std::string sum = sha256_of(content);
  EXPECT_EQ(pieces.hex(), sum);
  EXPECT_EQ(sha256_of_file(folder.write("x", content)), sum);
}

TEST(Sha256, NamesAFileThatCannotBeRead) {
  const test::TemporaryFolder folder;
  const auto message = [](const std::filesystem::path& file) -> std::string {
    try {
      return sha256_of_file(file);
    } catch (const DataError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(message(folder.path() / "missing"),
            (folder.path() / "missing").string() + ": cannot be read: No such file or directory");
  EXPECT_EQ(message(folder.path()), folder.path().string() + ": cannot be read: Is a directory (at byte 0)");
}

}  // namespace
}  // namespace drawlab
