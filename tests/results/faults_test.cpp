#include "results/database.hpp"
#include "results/query.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <random>

namespace drawlab::results {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto kReadOnly = Store::Mode::read_only;

class FaultTest : public testing::Test {
 protected:
  void make_database() {
    Store store(path);
    const RunId id = store.put_run(new_run("a"));
    store.put_metrics(id, std::vector<Metric>{{1, {Split::train, Quantity::nll}, 123.5}});
  }
  void give_to_everybody() {
    namespace fs = std::filesystem;
    for (const auto& file : fs::directory_iterator(folder.path())) fs::permissions(file, fs::perms(0666));
  }
  std::string open_error(Store::Mode mode = Store::Mode::read_write) {
    return error_of([&] { const Store store(path, mode); });
  }

  TemporaryFolder folder;
  std::filesystem::path path = folder / "drawlab.sqlite";
};

TEST_F(FaultTest, ANewerDatabaseIsRefusedAndLeftAlone) {
  make_database();
  sql(path, "PRAGMA user_version = 99");
  const std::string expected =
      path.string() + ": written by a newer drawlab (its schema has number 99, this program knows up to " +
      std::to_string(embedded_migrations().size()) + "); use that drawlab, or another file with --db";
  EXPECT_EQ(open_error(), expected);
  EXPECT_EQ(open_error(kReadOnly), expected);
  EXPECT_THAT(sql(path, "PRAGMA user_version"), ElementsAre("99"));
}

TEST_F(FaultTest, AnotherProgramsDatabaseIsRefusedAndLeftAlone) {
  sql(path, "CREATE TABLE bookmarks (url TEXT)");
  const std::string before = read_text(path);
  EXPECT_EQ(open_error(),
            path.string() + ": this is another program's SQLite database, not drawlab's; name another file with --db");
  EXPECT_EQ(read_text(path), before);
}

TEST_F(FaultTest, AFileThatIsNoDatabaseIsRefusedAndLeftAlone) {
  const std::string text(5000, 'x');
  std::ofstream(path) << text;
  EXPECT_EQ(open_error(), path.string() + ": this is not an SQLite database; name another file with --db");
  EXPECT_EQ(open_error(kReadOnly), path.string() + ": this is not an SQLite database; name another file with --db");
  EXPECT_EQ(read_text(path), text);
}

TEST_F(FaultTest, AFolderIsNoDatabase) {
  std::filesystem::create_directory(path);
  EXPECT_EQ(open_error(), path.string() + ": this is a folder, not a database; name a file with --db");
}

TEST_F(FaultTest, NothingIsReadWhereThereIsNoDatabase) {
  EXPECT_EQ(open_error(kReadOnly),
            path.string() + ": there is no such database; `drawlab run` makes one, --db names another");
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(FaultTest, AnEmptyFileIsFilledButNotRead) {
  std::ofstream(path) << "";
  EXPECT_EQ(open_error(kReadOnly), path.string() + ": the database is empty; `drawlab run` fills it");
  EXPECT_EQ(open_error(), "");
}

TEST_F(FaultTest, ADamagedDatabaseIsCalledDamaged) {
  make_database();
  sql(path, "PRAGMA journal_mode = DELETE");
  std::filesystem::resize_file(path, 3 * 4096);
  EXPECT_THAT(error_of([&] {
                const Store store(path, kReadOnly);
                (void)store.runs();
              }),
              testing::AllOf(StartsWith(path.string() + ": the database is damaged ("), HasSubstr(".recover")));
}

TEST_F(FaultTest, AReadOnlyFolderIsNamed) {
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
  const std::string text = as_nobody([&] {
    const Store store(path);
    return std::string("opened");
  });
  EXPECT_EQ(text, path.string() + ": the folder " + folder.path().string() +
                      " cannot be written; give yourself the right to, or name another place with --db");
}

TEST_F(FaultTest, AFolderThatCannotBeMadeIsNamed) {
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
  const std::string text = as_nobody([&] {
    const Store store(folder / "results/drawlab.sqlite");
    return std::string("opened");
  });
  EXPECT_THAT(text, HasSubstr("the folder " + (folder / "results").string() + " cannot be made (Permission denied)"));
}

TEST_F(FaultTest, AReadOnlyFileIsNotWritten) {
  make_database();
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0777));
  std::filesystem::permissions(path, std::filesystem::perms(0444));
  const std::string text = as_nobody([&] {
    const Store store(path);
    return std::string("opened");
  });
  EXPECT_EQ(text,
            path.string() + ": the file cannot be written; give yourself the right to, or name another file with --db");
}

TEST_F(FaultTest, AnUnreadableFileIsNamed) {
  make_database();
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  if (geteuid() != 0) std::filesystem::permissions(path, std::filesystem::perms(0000));
  const std::string text = as_nobody([&] {
    const Store store(path, kReadOnly);
    return std::string("opened");
  });
  EXPECT_EQ(text,
            path.string() + ": the file cannot be read; give yourself the right to, or name another file with --db");
}

TEST_F(FaultTest, ADatabaseInAReadOnlyFolderIsReadWhateverItsJournal) {
  for (const std::string journal : {"DELETE", "WAL"}) {
    make_database();
    sql(path, "PRAGMA journal_mode = " + journal);
    give_to_everybody();
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
    const std::string text = as_nobody([&] {
      const Store store(path, kReadOnly);
      const Table table = run_query(path, "SELECT value FROM metric");
      return std::to_string(store.runs().size()) + " run, nll " +
             std::to_string(std::get<double>(table.rows.at(0).at(0)));
    });
    EXPECT_EQ(text, "1 run, nll 123.500000") << journal;
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  }
}

TEST_F(FaultTest, AWritersUnfinishedTransactionsDoNotDisturbReaders) {
  Store writer(path);
  const RunId id = writer.put_run(new_run("a"));
  const Store reader(path, kReadOnly);
  SQLite::Database other(path.string(), SQLite::OPEN_READWRITE);
  SQLite::Transaction transaction(other, SQLite::TransactionBehavior::IMMEDIATE);
  other.exec("UPDATE run SET label = 'half'");
  EXPECT_EQ(reader.run(id)->label, "read=global write=global");
  transaction.commit();
  EXPECT_EQ(reader.run(id)->label, "half");
  writer.put_metrics(id, std::vector<Metric>{{1, {Split::train, Quantity::nll}, 5}});
  EXPECT_EQ(reader.metrics(id).size(), 1U);
}

TEST_F(FaultTest, AReadOnlyStoreRefusesToWrite) {
  make_database();
  Store reader(path, kReadOnly);
  EXPECT_NE(error_of([&] { reader.put_event(0, "x", "y"); }), "");
}

TEST_F(FaultTest, WhatAKilledWriterCommittedIsThere) {
  std::mt19937 random(1);
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = start_process([&] {
      Store store(path);
      const RunId id = store.put_run(new_run("a"));
      for (std::int64_t epoch = 1;; ++epoch) {
        store.put_metrics(id, std::vector<Metric>{{epoch, {Split::train, Quantity::nll}, 1.0},
                                                  {epoch, {Split::train, Quantity::kl}, 1.0}});
        if (write(ends[1], &epoch, sizeof epoch) != sizeof epoch) return 1;
      }
    });
    close(ends[1]);
    std::int64_t last = 0;
    const std::int64_t enough = 1 + static_cast<std::int64_t>(random() % 20);
    while (last < enough) ASSERT_EQ(read(ends[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
    kill(child, SIGKILL);
    wait_for(child);
    while (read(ends[0], &last, sizeof last) == sizeof last) continue;
    close(ends[0]);
    const Store store(path);
    const auto metrics = store.metrics(store.find_run("ablation", "a")->id);
    EXPECT_GE(static_cast<std::int64_t>(metrics.size()), 2 * last);
    EXPECT_EQ(metrics.size() % 2, 0U) << "half a transaction";
    EXPECT_THAT(sql(path, "PRAGMA integrity_check"), ElementsAre("ok"));
  }
}

// A file system of its own with so little space that it fills up.
class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& place) : place_(place) {
    std::filesystem::create_directories(place);
    mounted_ = mount("drawlab-test", place.c_str(), "tmpfs", 0, "size=512k,mode=0777") == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount(place_.c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path place_;
  bool mounted_ = false;
};

TEST_F(FaultTest, AFullDiskLosesNothingThatWasRecorded) {
  const SmallDisk disk(folder / "disk");
  if (!disk.mounted()) GTEST_SKIP() << "a small tmpfs cannot be mounted here: that takes the right CAP_SYS_ADMIN";
  const auto full = folder / "disk/drawlab.sqlite";
  std::size_t kept = 0;
  {
    Store store(full);
    const RunId id = store.put_run(new_run("a"));
    std::string message;
    while (message.empty() && kept < 1000) {
      message = error_of([&] {
        store.put_image(id, {"samples", std::to_string(kept), "png", "", 0, std::vector<std::uint8_t>(20000, 7)});
        ++kept;
      });
    }
    EXPECT_EQ(message, full.string() +
                           ": the disk is full; free some space and run the same command again: what was recorded "
                           "before is whole");
    EXPECT_GT(kept, 0U);
    EXPECT_EQ(store.images(id).size(), kept);
  }
  EXPECT_EQ(sql(full, "SELECT count(*) FROM image"), std::vector<std::string>{std::to_string(kept)});
  EXPECT_THAT(sql(full, "PRAGMA integrity_check"), ElementsAre("ok"));
}

TEST_F(FaultTest, AFullDiskHoldsNoNewDatabase) {
  const SmallDisk disk(folder / "disk");
  if (!disk.mounted()) GTEST_SKIP() << "a small tmpfs cannot be mounted here: that takes the right CAP_SYS_ADMIN";
  std::ofstream(folder / "disk/ballast") << std::string(1 << 20, 'x');
  EXPECT_THAT(error_of([&] { const Store store(folder / "disk/drawlab.sqlite"); }), HasSubstr(": the disk is full;"));
}

}  // namespace
}  // namespace drawlab::results
