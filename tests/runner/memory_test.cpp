#include "runner/memory.hpp"

#include "drawlab/error.hpp"

#include "host/dataset_host.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace drawlab::runner {
namespace {

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
  DatasetInfo digits() {
    Diagnostics diagnostics;
    return DatasetHost(plugins, 1).open("digits", ConfigNode::map(), diagnostics)->info();
  }

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
