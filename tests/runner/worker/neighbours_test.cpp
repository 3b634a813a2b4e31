#include "runner/worker/neighbours.hpp"

#include "host/dataset_host.hpp"
#include "host/plugin_host.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace drawlab::runner {
namespace {

class NeighboursTest : public testing::Test {
 protected:
  NeighboursTest() {
    ConfigNode options = ConfigNode::map();
    options.set("train", ConfigNode::integer(700));
    dataset = DatasetHost(plugins, 1).open("digits", options);
  }
  /// A drawing of one glimpse whose pictures are these training images.
  Drawing copies(const std::vector<std::int64_t>& indices) const {
    Drawing drawing;
    drawing.image = dataset->info().image;
    drawing.count = static_cast<std::int64_t>(indices.size());
    drawing.glimpses = 1;
    drawing.frames.resize(indices.size() * static_cast<std::size_t>(drawing.image.count()));
    std::vector<std::int32_t> labels(indices.size());
    dataset->fill(Split::train, indices, 0, drawing.frames, labels);
    return drawing;
  }

  PluginHost plugins{PluginHost::standard_folders()};
  std::unique_ptr<Dataset> dataset;
};

TEST_F(NeighboursTest, AreTheVeryImageWhereASampleIsACopyOfIt) {
  const std::vector<std::int64_t> indices = {0, 137, 499, 500, 650};
  const auto found = nearest_training_images(copies(indices), *dataset, 0, 3);
  ASSERT_EQ(found.size(), indices.size());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    ASSERT_EQ(found[i].size(), 3U);
    EXPECT_EQ(found[i][0].index, indices[i]);
    EXPECT_EQ(found[i][0].distance, 0);
    EXPECT_GT(found[i][1].distance, 0);
    EXPECT_LE(found[i][1].distance, found[i][2].distance);
  }
}

TEST_F(NeighboursTest, AreSearchedAmongTheFirstImagesOnly) {
  const auto found = nearest_training_images(copies({137, 650}), *dataset, 600, 1);
  EXPECT_EQ(found[0][0].index, 137);
  EXPECT_LT(found[1][0].index, 600);
  EXPECT_GT(found[1][0].distance, 0);
}

}  // namespace
}  // namespace drawlab::runner
