#include "runner/data/download.hpp"

#include "local_server.hpp"
#include "plugins/datasets/files.hpp"
#include "system/sha256.hpp"

#include <gmock/gmock.h>
#include <sys/mount.h>

#include <thread>

namespace drawlab::runner {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using tests::data_error_of;
using tests::LocalServer;
using tests::TemporaryFolder;

class Download : public ::testing::Test {
 protected:
  Download() : server_(folder_.write("content", content_), folder_.path() / "log") {}

  static std::string make_content() {
    std::string content;
    for (int i = 0; i < 90000; ++i) content += static_cast<char>(i * 31 + i / 256);
    return content;
  }
  DatasetFile file(const std::vector<std::string>& ways) const {
    DatasetFile file{{"file.gz"}, {}, sha256_of(content_), content_.size()};
    for (const std::string& way : ways) file.urls.push_back(server_.url(way));
    return file;
  }
  std::filesystem::path target() const { return cache() / "file.gz"; }
  std::filesystem::path part() const { return cache() / "file.gz.part"; }
  std::filesystem::path cache() const { return folder_.path() / "cache" / "mnist"; }
  void leave_part(const std::string& bytes) const {
    std::filesystem::create_directories(cache());
    std::ofstream(part(), std::ios::binary) << bytes;
  }
  void expect_whole() const {
    EXPECT_EQ(read_file(target()), content_);
    EXPECT_FALSE(std::filesystem::exists(part()));
  }

  std::string content_ = make_content();
  TemporaryFolder folder_;
  LocalServer server_;
};

TEST_F(Download, MakesTheFolderAndSavesTheFile) {
  std::uint64_t received = 0;
  DownloadOptions options;
  options.progress = [&](const DownloadProgress& progress) {
    received = progress.received;
    EXPECT_EQ(progress.total, content_.size());
    return true;
  };
  EXPECT_EQ(download(file({"whole"}), cache(), options), target());
  expect_whole();
  EXPECT_EQ(received, content_.size());
}

TEST_F(Download, FollowsARedirect) {
  download(file({"redirect"}), cache());
  expect_whole();
}

TEST_F(Download, TakesTheNextMirrorWhenOneHasNoSuchFile) {
  download(file({"missing", "whole"}), cache());
  expect_whole();
}

TEST_F(Download, TakesTheNextMirrorWhenOneCannotBeReached) {
  DatasetFile wanted = file({"whole"});
  wanted.urls.insert(wanted.urls.begin(), "http://127.0.0.1:1/file");
  download(wanted, cache());
  expect_whole();
}

TEST_F(Download, TakesTheNextMirrorWhenOneSendsWrongBytes) {
  download(file({"wrong", "whole"}), cache());
  expect_whole();
}

TEST_F(Download, ContinuesWhereAConnectionWasCut) {
  download(file({"cut"}), cache());
  expect_whole();
  EXPECT_THAT(server_.requests(), ElementsAre("/cut/file -", "/cut/file bytes=30000-", "/cut/file bytes=60000-"));
}

TEST_F(Download, ContinuesAPartThatIsThere) {
  leave_part(content_.substr(0, 12345));
  download(file({"whole"}), cache());
  expect_whole();
  EXPECT_THAT(server_.requests(), ElementsAre("/whole/file bytes=12345-"));
}

TEST_F(Download, StartsAfreshWhereTheServerKnowsNoRanges) {
  leave_part(content_.substr(0, 12345));
  download(file({"norange"}), cache());
  expect_whole();
}

TEST_F(Download, StartsAfreshWhereThePartIsOfAnotherFile) {
  leave_part(std::string(12345, 'x'));
  download(file({"whole"}), cache());
  expect_whole();
  EXPECT_THAT(server_.requests(), ElementsAre("/whole/file bytes=12345-", "/whole/file -"));
}

TEST_F(Download, StartsAfreshWhereThePartIsLongerThanTheFile) {
  leave_part(content_ + "more");
  download(file({"whole"}), cache());
  expect_whole();
}

TEST_F(Download, AsksForNothingWhereThePartIsWhole) {
  leave_part(content_);
  download(file({"missing"}), cache());
  expect_whole();
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(Download, ContinuesOnAnotherMirrorWhatOneCouldNotFinish) {
  DownloadOptions options;
  options.attempts = 1;
  download(file({"cut", "whole"}), cache(), options);
  expect_whole();
  EXPECT_THAT(server_.requests(), ElementsAre("/cut/file -", "/whole/file bytes=30000-"));
}

TEST_F(Download, NeverNamesAFileWithTheWrongChecksum) {
  const std::string error = data_error_of([&] { download(file({"wrong"}), cache()); });
  EXPECT_THAT(error, AllOf(HasSubstr(target().string() + ": could not be downloaded"), HasSubstr(server_.url("wrong")),
                           HasSubstr("sent a file of sha256 "), HasSubstr("needed: " + sha256_of(content_))));
  EXPECT_FALSE(std::filesystem::exists(target()));
  EXPECT_FALSE(std::filesystem::exists(part()));
}

TEST_F(Download, RefusesAFileOfAnotherLength) {
  EXPECT_THAT(data_error_of([&] { download(file({"long"}), cache()); }),
              HasSubstr("sends more than the file's 90000 bytes"));
  EXPECT_THAT(data_error_of([&] { download(file({"short"}), cache()); }), HasSubstr("sent 89993 bytes; needed: 90000"));
  EXPECT_FALSE(std::filesystem::exists(target()));
}

TEST_F(Download, SaysWhatWentWrongWithEveryMirror) {
  DatasetFile wanted = file({"missing", "wrong"});
  wanted.urls.emplace_back("http://127.0.0.1:1/file");
  EXPECT_THAT(data_error_of([&] { download(wanted, cache()); }),
              AllOf(HasSubstr(server_.url("missing") + ": answers HTTP status 404"), HasSubstr(server_.url("wrong")),
                    HasSubstr("http://127.0.0.1:1/file: Failed to connect")));
}

TEST_F(Download, KeepsWhatArrivedBeforeTheLastCut) {
  const std::string error = data_error_of([&] { download(file({"cut-norange"}), cache()); });
  EXPECT_THAT(error, AllOf(HasSubstr("connection cut"), HasSubstr("30000 bytes that arrived are kept")));
  EXPECT_FALSE(std::filesystem::exists(target()));
  download(file({"whole"}), cache());
  expect_whole();
}

TEST_F(Download, GivesUpAMirrorThatStalls) {
  DownloadOptions options;
  options.stall_timeout = std::chrono::seconds(1);
  options.attempts = 1;
  download(file({"stall", "whole"}), cache(), options);
  expect_whole();
}

TEST_F(Download, StopsWhenItsCallerSaysSoAndContinuesLater) {
  DownloadOptions options;
  options.progress = [](const DownloadProgress& progress) { return progress.received == 0; };
  EXPECT_THAT(data_error_of([&] { download(file({"stall"}), cache(), options); }),
              HasSubstr("stopped after 45000 bytes"));
  download(file({"whole"}), cache());
  expect_whole();
}

TEST_F(Download, SaysThatNoAddressIsKnown) {
  EXPECT_THAT(data_error_of([&] { download(file({}), cache()); }), HasSubstr("no address of it is known"));
}

TEST_F(Download, WorksForTwoAtOnce) {
  {
    const std::jthread one([&] { download(file({"whole"}), cache()); });
    const std::jthread two([&] { download(file({"cut"}), cache()); });
  }
  expect_whole();
}

TEST_F(Download, SaysThatTheFolderCannotBeWritten) {
  folder_.write("cache", "a file where a folder should be");
  EXPECT_THAT(data_error_of([&] { download(file({"whole"}), cache()); }),
              AllOf(HasSubstr(cache().string()), HasSubstr("the folder cannot be made: Not a directory")));
}

/// A small disk of its own, mounted on a folder.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path folder, const char* size) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, size) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount(folder_.c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  void resize(const char* size) const { ASSERT_EQ(::mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT, size), 0); }

 private:
  std::filesystem::path folder_;
  bool mounted_ = false;
};

TEST_F(Download, SaysThatTheDiskIsFullAndKeepsWhatFits) {
  const SmallDisk disk(cache(), "size=64k");
  if (!disk.mounted()) GTEST_SKIP() << "a tmpfs cannot be mounted here";
  const std::string error = data_error_of([&] { download(file({"whole", "missing"}), cache()); });
  EXPECT_THAT(error, AllOf(HasSubstr("file.gz.part"), HasSubstr("No space left on device")));
  EXPECT_THAT(error, Not(HasSubstr("404")));
  EXPECT_FALSE(std::filesystem::exists(target()));
  disk.resize("size=1m");
  download(file({"whole"}), cache());
  expect_whole();
  EXPECT_THAT(server_.requests(), ElementsAre("/whole/file -", HasSubstr("/whole/file bytes=")));
}

}  // namespace
}  // namespace drawlab::runner
