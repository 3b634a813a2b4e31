#include "system/write_file.hpp"

#include "drawlab/error.hpp"

#include "sandbox.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <iterator>
#include <thread>

namespace drawlab {
namespace {

using test::content_of;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

std::ptrdiff_t files_in(const fs::path& folder) { return std::distance(fs::directory_iterator(folder), {}); }

std::string error_of(const fs::path& path, std::string_view text = "text") {
  try {
    write_file(path, text);
  } catch (const SystemError& error) {
    return error.what();
  }
  return {};
}

TEST(WriteFile, ReplacesAFileAndLeavesNothingBeside) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("file", "a longer text before");
  write_file(file, "text");
  EXPECT_EQ(content_of(file), "text");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WriteFile, KeepsTheOldFileUntilTheNewOneIsCommitted) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("file", "old");
  {
    FileWriter writer(file);
    writer.write("new");
    EXPECT_TRUE(fs::exists(part_of(file, ::getpid())));
    EXPECT_EQ(content_of(file), "old");
  }
  EXPECT_EQ(content_of(file), "old");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WriteFile, CommitsUnderAnotherName) {
  const test::TemporaryFolder folder;
  FileWriter writer(folder.path() / "file");
  writer.write("text");
  writer.commit(folder.path() / "file-7");
  EXPECT_EQ(content_of(folder.path() / "file-7"), "text");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WriteFile, FillsWhatIsLeftOutWithZeros) {
  const test::TemporaryFolder folder;
  FileWriter writer(folder.path() / "file");
  writer.seek(2);
  writer.write("cd");
  writer.seek(0);
  writer.write("a");
  writer.commit();
  EXPECT_EQ(content_of(folder.path() / "file"), std::string("a\0cd", 4));
}

TEST(WriteFile, FollowsALinkAndLeavesItALink) {
  const test::TemporaryFolder folder;
  fs::create_directory(folder.path() / "sub");
  fs::create_symlink("sub/file", folder.path() / "link");
  fs::create_symlink(folder.path() / "link", folder.path() / "second");
  for (const char* text : {"made", "replaced"}) {  // the target is missing at first
    write_file(folder.path() / "second", text);
    EXPECT_EQ(content_of(folder.path() / "sub/file"), text);
    EXPECT_TRUE(fs::is_symlink(folder.path() / "second"));
    EXPECT_TRUE(fs::is_symlink(folder.path() / "link"));
  }
  EXPECT_EQ(files_in(folder.path() / "sub"), 1);
}

TEST(WriteFile, ReplacesALinkOnRequest) {
  const test::TemporaryFolder folder;
  const fs::path outside = folder.write("outside", "untouched");
  fs::create_symlink(outside, folder.path() / "link");
  FileWriter writer(folder.path() / "link", FileWriter::Links::replaced);
  writer.write("text");
  writer.commit();
  EXPECT_EQ(content_of(outside), "untouched");
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(folder.path() / "link")));
}

TEST(WriteFile, WritesIntoAPipe) {
  const test::TemporaryFolder folder;
  const fs::path pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = content_of(pipe); });
  write_file(pipe, "text");
  reader.join();
  EXPECT_EQ(read, "text");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST(WriteFile, LeavesADeviceADevice) {
  write_file("/dev/null", "text");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  EXPECT_EQ(error_of("/dev/full"), "/dev/full: cannot be written: No space left on device");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST(WriteFile, ToStandardOutputComesBehindWhatIsThere) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("output", "before ");
  const int kept = ::dup(STDOUT_FILENO);
  const int output = ::open(file.c_str(), O_WRONLY | O_APPEND);
  ::dup2(output, STDOUT_FILENO);
  const std::string error = error_of("/dev/stdout", "text");
  ::dup2(kept, STDOUT_FILENO);
  ::close(output);
  ::close(kept);
  EXPECT_EQ(error, "");
  EXPECT_EQ(content_of(file), "before text");
}

TEST(WriteFile, NamesTheFileThatCannotBeWritten) {
  const test::TemporaryFolder folder;
  const std::string place = folder.path().string();
  EXPECT_EQ(error_of(folder.path() / "none/file"), place + "/none/file: cannot be written: No such file or directory");
  fs::create_directory(folder.path() / "folder");
  EXPECT_EQ(error_of(folder.path() / "folder"), place + "/folder: cannot be written: Is a directory");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(MakeFolder, MakesAllThatAreMissingAndSaysWhyItCannot) {
  const test::TemporaryFolder folder;
  make_folder(folder.path() / "a/b");
  EXPECT_TRUE(fs::is_directory(folder.path() / "a/b"));
  make_folder(folder.path() / "a/b");
  const fs::path below = folder.write("file", "") / "c";
  try {
    make_folder(below);
    ADD_FAILURE();
  } catch (const SystemError& error) {
    EXPECT_EQ(std::string(error.what()), below.string() + ": the folder cannot be made: Not a directory");
  }
}

}  // namespace
}  // namespace drawlab
