#include "drawlab/read_write.hpp"

#include "host/plugin_host.hpp"
#include "results/pictures/drawing_sheet.hpp"
#include "results/pictures/window.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace drawlab::runner {
namespace {

constexpr ImageShape kImage{1, 28, 28};
constexpr int kScale = 3;

/// The window that the built library says of these five outputs of its layer: N = 3 filters along each side.
WindowBox window_of(const std::array<float, 5>& outputs) {
  PluginHost plugins(PluginHost::standard_folders());
  const ReadWritePlugin& plugin = plugins.read_write("gaussian");
  const auto options = plugin.write_options();
  ConfigNode map = ConfigNode::map();
  map.set("size", ConfigNode::integer(3));
  options->table().parse(map);
  ParameterStore store;
  const auto mode = plugin.make_write(*options, {ParameterScope(store, "write"), kImage, 1});
  store.initialise(1);
  for (std::size_t i = 0; i < store.count(); ++i) {
    if (store.name(i) == "write.window.bias") std::ranges::copy(outputs, store.values_of(store.at(i)).begin());
  }
  Tape tape(store, Precision::f32);
  // With a state of 0 the layer's outputs are its bias.
  const auto window = mode->write(tape.constant({1, 1}, 0)).window;
  EXPECT_EQ(window->filters, 3);
  return boxes_of(*window).front();
}

struct Box {
  int left = 1000, top = 1000, right = -1, bottom = -1;  // the outermost pixels of its colour
};

Box box_on(const results::Pixels& picture) {
  Box box;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (picture.at(x, y) != results::kWriteColor) continue;
      box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x), std::max(box.bottom, y)};
    }
  }
  return box;
}

TEST(WindowOverlay, LiesWhereTheFiltersOfTheLibraryAre) {
  // Equations 22 to 24: centre (14.5, 10.5), stride 4, so filters from 10.5 to 18.5 and from 6.5 to 14.5.
  const float center_y = 10.5F / 14.5F - 1;
  const WindowBox window = window_of({0, center_y, std::log(0.25F), std::log(4 / 13.5F), 0});
  EXPECT_NEAR(window.center_x, 14.5, 1e-4);
  EXPECT_NEAR(window.center_y, 10.5, 1e-4);
  EXPECT_NEAR(window.row_x, 4, 1e-4);
  EXPECT_NEAR(window.column_y, 4, 1e-4);
  EXPECT_NEAR(window.sigma, 0.5, 1e-4);
  Drawing drawing;
  drawing.image = kImage;
  drawing.count = 1;
  drawing.glimpses = 1;
  drawing.frames.assign(static_cast<std::size_t>(kImage.count()), 0);
  drawing.write_windows = {window};
  drawing.write_filters = 3;
  results::Pixels picture(28 * kScale, 28 * kScale, 3, {});
  results::draw_glimpse(picture, 0, 0, drawing, 0, 0, kScale);
  // Pixel 10.5 is the edge between the tenth and the eleventh, 30 pixels from the left; the line is 2 wide around it.
  const Box box = box_on(picture);
  EXPECT_EQ(box.left, 29);
  EXPECT_EQ(box.right, 54);
  EXPECT_EQ(box.top, 17);
  EXPECT_EQ(box.bottom, 42);
  EXPECT_EQ(picture.at(31, 19), (results::Color{0, 0, 0})) << "the line is 2 pixels wide";
}

}  // namespace
}  // namespace drawlab::runner
