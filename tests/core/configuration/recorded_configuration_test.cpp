#include "configuration/recorded_configuration.hpp"

#include "drawlab/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drawlab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const char* const kRecord =
    R"({"model":{"glimpses":4},"read":{"global":{}},"seed":3,"training":{"batch":8,"epochs":20,"learning_rate":0.1}})";

TEST(RecordedConfiguration, NamesEverySettingAndSection) {
  const RecordedConfiguration configuration(kRecord);
  std::vector<std::string> names;
  for (const auto& [name, node] : configuration.settings()) names.push_back(name);
  EXPECT_THAT(names, ElementsAre("model", "model.glimpses", "read", "read.global", "seed", "training", "training.batch",
                                 "training.epochs", "training.learning_rate"));
  EXPECT_EQ(configuration.settings().at("training.learning_rate")->as_real(), 0.1);
}

TEST(RecordedConfiguration, KnowsTheEpochsToTrain) {
  EXPECT_EQ(RecordedConfiguration(kRecord).epochs(), 20);
  EXPECT_EQ(RecordedConfiguration("{}").epochs(), 0);
}

TEST(RecordedConfiguration, HasOneKeyForRunsThatDifferInTheirSeedOnly) {
  const RecordedConfiguration one(kRecord);
  const RecordedConfiguration other(
      R"({"model":{"glimpses":4},"read":{"global":{}},"seed":9,"training":{"batch":8,"epochs":20,"learning_rate":0.1}})");
  const RecordedConfiguration longer(
      R"({"model":{"glimpses":4},"read":{"global":{}},"seed":3,"training":{"batch":8,"epochs":90,"learning_rate":0.1}})");
  EXPECT_EQ(one.cell_key(), other.cell_key());
  EXPECT_NE(one.cell_key(), longer.cell_key());
  EXPECT_EQ(one.epoch_key(), longer.epoch_key()) << "an epoch takes as long, however many there are";
}

TEST(RecordedConfiguration, IsRefusedWhereItIsNoJson) {
  EXPECT_THAT([] { RecordedConfiguration("{", "run 3"); },
              ::testing::ThrowsMessage<ConfigError>(::testing::StartsWith("run 3:1:")));
  EXPECT_THAT(RecordedConfiguration("{}").settings(), IsEmpty());
}

}  // namespace
}  // namespace drawlab
