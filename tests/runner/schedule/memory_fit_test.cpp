#include "runner/schedule/memory_fit.hpp"

#include "drawlab/error.hpp"

#include "host/dataset_host.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace drawlab::runner {
namespace {

void expect_fit(const MemoryFit& fit, int jobs, int threads, bool fits = true) {
  EXPECT_EQ(fit.jobs, jobs);
  EXPECT_EQ(fit.threads, threads);
  EXPECT_EQ(fit.fits, fits);
}

TEST(FitIntoMemory, FreedCoresBringNoMoreMemoryThanThereIs) {
  const std::vector<MemoryNeed> cells(16, MemoryNeed{10, 90});
  expect_fit(fit_into_memory(cells, 1600, {16, 1}, 16), 16, 1);
  // Three fit on one thread each, and none on a fifth of the cores.
  expect_fit(fit_into_memory(cells, 300, {16, 1}, 16), 3, 1);
  expect_fit(fit_into_memory(cells, 390, {16, 1}, 16), 3, 1);
  // Room for one more thread only where a job less leaves it.
  const std::vector<MemoryNeed> heavy(16, MemoryNeed{100, 10});
  expect_fit(fit_into_memory(heavy, 400, {16, 1}, 16), 3, 3);
  expect_fit(fit_into_memory(heavy, 10000, {16, 1}, 16), 16, 1);
}

TEST(FitIntoMemory, ACellThatDoesNotFitGetsFewerThreads) {
  const std::vector<MemoryNeed> one{{10, 100}};
  expect_fit(fit_into_memory(one, 1000, {1, 4}, 4), 1, 4);
  expect_fit(fit_into_memory(one, 250, {1, 4}, 4), 1, 2);
  expect_fit(fit_into_memory(one, 50, {1, 4}, 4), 1, 1, false);
}

TEST(JobsThatFit, AreThoseWhoseLargestCellsFitTogether) {
  EXPECT_EQ(jobs_that_fit({100, 100, 100}, 250, 4), 2);
  EXPECT_EQ(jobs_that_fit({100, 100, 100}, 300, 4), 3);
  EXPECT_EQ(jobs_that_fit({100, 100, 100}, 300, 2), 2);
  EXPECT_EQ(jobs_that_fit({10, 10, 240, 10}, 250, 4), 2);  // whichever come first
}

TEST(JobsThatFit, AreOneWhereNotEvenThatFits) { EXPECT_EQ(jobs_that_fit({100, 50}, 70, 2), 1); }

TEST(AvailableMemory, IsTold) { EXPECT_GT(available_memory(), std::size_t{1} << 20); }

class MemoryNeedTest : public testing::Test {
 protected:
  CellConfig cell(const std::string& read) {
    Diagnostics diagnostics;
    CellConfig config = CellConfig::parse(
        from_json(
            R"({"dataset": "digits", "read": ")" + read +
                R"(", "write": "global", "model": {"glimpses": 3, "hidden": 16, "latent": 4}, "training": {"shard": 8}})",
            "test"),
        plugins, diagnostics);
    diagnostics.throw_if_errors();
    return config;
  }
  DatasetInfo digits() { return DatasetHost(plugins, 1).open("digits", ConfigNode::map())->info(); }

  PluginHost plugins{PluginHost::standard_folders({})};
};

TEST_F(MemoryNeedTest, IsWhatATrialInThisProcessFinds) {
  const auto need = memory_need(cell("gaussian"), digits(), plugins);
  ASSERT_TRUE(need);
  const MemoryNeed here = training_memory(cell("gaussian"), digits(), plugins);
  EXPECT_EQ(need->fixed, here.fixed);
  EXPECT_EQ(need->per_thread, here.per_thread);
}

TEST_F(MemoryNeedTest, IsUnknownWhereTheTrialEndsItsProcess) {
  const DatasetInfo data = digits();
  CellConfig impossible = cell("gaussian");
  impossible.read.name = "nothing_of_that_name";
  EXPECT_FALSE(memory_need(impossible, data, plugins));
}

}  // namespace
}  // namespace drawlab::runner
