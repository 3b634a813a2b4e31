#include "training/memory_need.hpp"

#include "small.hpp"
#include "training/speed.hpp"

#include <gtest/gtest.h>

namespace drawlab {
namespace {

using tests::mode;
using tests::small_cell;
using tests::SmallDigits;

TEST(TrainingMemory, IsWhatTheTapesOfATrainingTake) {
  PluginHost plugins = tests::built_plugins();
  const auto data = tests::open_dataset(plugins, "digits");
  for (const char* plugin : {"gaussian", "global"}) {
    SCOPED_TRACE(plugin);
    const int size = plugin == std::string("gaussian") ? 3 : 0;
    CellConfig cell = small_cell(mode(plugin, size), mode(plugin, size));
    cell.model.glimpses = 40;
    cell.model.hidden = 64;
    cell.training.batch = 64;
    cell.training.shard = 32;
    const MemoryNeed need = training_memory(cell, data->info(), plugins);
    const SpeedProbe probe(cell, *data, plugins, 1);
    const auto tape = static_cast<double>(probe.tape_bytes());
    // The tape keeps whole blocks of 8 MiB.
    EXPECT_NEAR(static_cast<double>(need.per_thread), tape, 0.02 * tape + 9.0 * 1024 * 1024);
    EXPECT_GT(need.fixed, static_cast<std::size_t>(probe.parameters()) * sizeof(float) * 6);
    EXPECT_EQ(need.with(3), need.fixed + 3 * need.per_thread);
  }
}

TEST(TrainingMemory, GrowsWithTheGlimpses) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = small_cell(mode("gaussian", 2), mode("gaussian", 3));
  std::size_t before = 0;
  for (const int glimpses : {1, 8, 12, 16, 64}) {
    cell.model.glimpses = glimpses;
    const std::size_t bytes = training_memory(cell, data.info(), plugins).per_thread;
    EXPECT_GT(bytes, before);
    before = bytes;
  }
}

}  // namespace
}  // namespace drawlab
