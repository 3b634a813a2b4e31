#include "system/read_file.hpp"

#include "drawlab/error.hpp"

#include "sandbox.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

namespace drawlab {
namespace {

std::string error_of(const std::filesystem::path& file, std::uint64_t most = 10) {
  try {
    read_file(file, most);
  } catch (const DataError& error) {
    return error.what();
  }
  return {};
}

TEST(ReadFile, GivesAllBytes) {
  const test::TemporaryFolder folder;
  std::string bytes(std::size_t{3} << 20U, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i >> 7U);
  EXPECT_EQ(read_file(folder.write("file", bytes)), bytes);
  EXPECT_EQ(read_file(folder.write("empty", "")), "");
}

TEST(ReadFile, ReadsAPipe) {
  const test::TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(pipe) << "text"; });
  EXPECT_EQ(read_file(pipe), "text");
  writer.join();
}

TEST(ReadFile, SaysWhyAFileCannotBeRead) {
  const test::TemporaryFolder folder;
  const std::string place = folder.path().string();
  EXPECT_EQ(error_of(folder.path() / "none"), place + "/none: cannot be read: No such file or directory");
  EXPECT_EQ(error_of(folder.path(), 1U << 30U), place + ": cannot be read: Is a directory (at byte 0)");
  EXPECT_EQ(error_of(folder.write("long", "eleven char")), place + "/long: has 11 bytes, more than 10");
  EXPECT_EQ(error_of(folder.write("full", "ten chars.")), "");
}

}  // namespace
}  // namespace drawlab
