#include "modes.hpp"

#include "host/plugin_host.hpp"

#include <stdexcept>

namespace drawlab::tests {

namespace {

void set(PluginOptions& options, const ModeChoice& choice) {
  if (choice.size == 0) return;
  ConfigNode map = ConfigNode::map();
  map.set("size", ConfigNode::integer(choice.size));
  map.set("start_sigma", ConfigNode::real(choice.start_sigma));
  options.table().parse(map);
}

}  // namespace

std::string ModeChoice::name() const {
  if (size == 0) return plugin;
  return plugin + " of size " + std::to_string(size) + (composed ? ", composed" : ", fused");
}

std::vector<ModeChoice> every_mode() {
  std::vector<ModeChoice> choices = {{"global"}};
  for (const int size : {1, 2, 5}) {
    for (const bool composed : {true, false}) choices.push_back({"gaussian", size, composed});
  }
  choices.push_back({"gaussian", 2, false, 1.5});
  return choices;
}

std::unique_ptr<ReadMode> make_read(const ModeChoice& choice, const ReadSetup& setup) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  const ReadWritePlugin& plugin = host.read_write(choice.plugin);
  const auto options = plugin.read_options();
  set(*options, choice);
  return plugin.make_read(*options, setup);
}

std::unique_ptr<WriteMode> make_write(const ModeChoice& choice, const WriteSetup& setup) {
  PluginHost host({DRAWLAB_TEST_PLUGINS});
  const ReadWritePlugin& plugin = host.read_write(choice.plugin);
  const auto options = plugin.write_options();
  set(*options, choice);
  return plugin.make_write(*options, setup);
}

}  // namespace drawlab::tests
