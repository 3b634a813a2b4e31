#include "runner/data/unpack.hpp"

#include "drawlab/error.hpp"

#include "plugins/datasets/files.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>

#include <vector>

namespace drawlab::runner {
namespace {

using ::testing::HasSubstr;
using tests::data_error_of;
using tests::TemporaryFolder;

struct Entry {
  std::string path;
  std::string content;
  unsigned type = AE_IFREG;
  std::string link = {};
};

/// A gzipped tar of these entries, as they are.
std::filesystem::path tar(const std::filesystem::path& file, const std::vector<Entry>& entries) {
  archive* writer = archive_write_new();
  archive_write_set_format_pax_restricted(writer);
  archive_write_add_filter_gzip(writer);
  archive_write_open_filename(writer, file.c_str());
  for (const Entry& given : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, given.path.c_str());
    archive_entry_set_filetype(entry, given.type);
    archive_entry_set_perm(entry, 0644);
    if (given.type == AE_IFLNK) archive_entry_set_symlink(entry, given.link.c_str());
    if (given.type == AE_IFREG && !given.link.empty()) archive_entry_set_hardlink(entry, given.link.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(given.content.size()));
    archive_write_header(writer, entry);
    archive_write_data(writer, given.content.data(), given.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  return file;
}

class Unpack : public ::testing::Test {
 protected:
  std::string refusal(const std::vector<Entry>& entries, const UnpackLimits& limits = {}) {
    return data_error_of([&] { unpack(tar(archive_, entries), "data", out_, limits); });
  }
  std::size_t written() const {
    std::size_t count = 0;
    if (!std::filesystem::exists(out_)) return 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(out_))
      count += entry.is_regular_file() ? 1 : 0;
    return count;
  }

  TemporaryFolder folder_;
  std::filesystem::path archive_ = folder_.path() / "a.tar.gz";
  std::filesystem::path out_ = folder_.path() / "out";
};

TEST_F(Unpack, WritesWhatLiesBelowAFolderWithoutItsName) {
  tar(archive_, {{"data", "", AE_IFDIR}, {"data/a.bin", "first"}, {"./data/deep/b.bin", ""}, {"other/c.bin", "third"}});
  unpack(archive_, "data", out_);
  EXPECT_EQ(read_file(out_ / "a.bin"), "first");
  EXPECT_EQ(read_file(out_ / "deep/b.bin"), "");
  EXPECT_EQ(written(), 2U);
  unpack(archive_, ".", folder_.path() / "all");
  EXPECT_EQ(read_file(folder_.path() / "all/other/c.bin"), "third");
}

TEST_F(Unpack, RefusesPathsThatLeadOutAndEverythingThatIsNoFile) {
  const auto climbing = refusal({{"data/a", "x"}, {"data/../../evil", "x"}});
  EXPECT_THAT(climbing, HasSubstr(archive_.string() + ": entry 'data/../../evil' leads out of the folder"));
  EXPECT_THAT(refusal({{"/data/evil", "x"}}), HasSubstr("entry '/data/evil' leads out of the folder"));
  EXPECT_THAT(refusal({{"data/evil", "", AE_IFLNK, "/etc/passwd"}}), HasSubstr("'data/evil' is a link"));
  EXPECT_THAT(refusal({{"data/a", "x"}, {"data/evil", "", AE_IFREG, "data/a"}}), HasSubstr("'data/evil' is a link"));
  EXPECT_THAT(refusal({{"data/evil", "", AE_IFIFO}}), HasSubstr("'data/evil' is no ordinary file"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "evil"));
  EXPECT_FALSE(std::filesystem::exists("/data/evil"));
}

TEST_F(Unpack, DoesNotWriteThroughALinkThatLiesInTheFolder) {
  std::filesystem::create_directories(out_);
  const auto outside = folder_.write("outside", "untouched");
  std::filesystem::create_symlink(outside, out_ / "a");
  tar(archive_, {{"data/a", "new"}});
  unpack(archive_, "data", out_);
  EXPECT_EQ(read_file(outside), "untouched");
  EXPECT_EQ(read_file(out_ / "a"), "new");
}

TEST_F(Unpack, StopsAtItsLimits) {
  UnpackLimits limits;
  limits.bytes = 10;
  EXPECT_THAT(refusal({{"data/a", "123456"}, {"data/b", "123456"}}, limits), HasSubstr("holds more than 10 bytes"));
  EXPECT_FALSE(std::filesystem::exists(out_ / "b"));
  limits = {};
  limits.files = 1;
  EXPECT_THAT(refusal({{"data/a", "1"}, {"data/b", "2"}}, limits), HasSubstr("holds more than 1 files"));
}

TEST_F(Unpack, RefusesAnArchiveThatIsCutDamagedOrNone) {
  std::string noise;
  for (std::uint32_t i = 0, x = 1; i < 200000; ++i, x = x * 1664525U + 1013904223U)
    noise += static_cast<char>(x >> 24U);
  tar(archive_, {{"data/a", noise}});
  const std::string whole = read_file(archive_);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{20}, whole.size() / 2}) {
    const auto cut = folder_.write("cut.tar.gz", whole.substr(0, size));
    EXPECT_THAT(data_error_of([&] { unpack(cut, "data", out_); }), HasSubstr(cut.string() + ": ")) << size;
  }
  // libarchive leaves gzip's checksum alone, and a download's own covers that; a tar header has one that it minds.
  const auto plain = folder_.write("plain.tar", std::string(257, 'a') + "ustar" + std::string(1300, '\0'));
  EXPECT_THAT(data_error_of([&] { unpack(plain, "data", out_); }), HasSubstr(plain.string() + ": "));
  std::string spoilt = whole;
  spoilt[2] = 'x';  // no known compression
  const auto damaged = folder_.write("damaged.tar.gz", spoilt);
  EXPECT_THAT(data_error_of([&] { unpack(damaged, "data", out_); }), HasSubstr(damaged.string() + ": "));
  EXPECT_EQ(written(), 0U) << "what is not whole leaves no file";
  EXPECT_THAT(data_error_of([&] { unpack(folder_.path() / "none", "data", out_); }), HasSubstr("is no archive"));
}

TEST_F(Unpack, RefusesAnArchiveWithoutTheFolder) {
  EXPECT_EQ(refusal({{"other/a", "x"}}), archive_.string() + ": holds no files below 'data'");
}

}  // namespace
}  // namespace drawlab::runner
