#include "results/pictures/grid.hpp"
#include "results/pictures/png.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/recorded_run.hpp"
#include "system/machine.hpp"
#include "system/write_file.hpp"
#include "training/weights.hpp"

#include <iostream>
#include <span>

namespace drawlab::runner {
namespace po = boost::program_options;

int sample_command(const std::vector<std::string>& words) {
  Arguments arguments("sample RUN -o FILE.png [options]",
                      "Draws pictures from the prior with a run's best weights, as a grid in a PNG file.");
  add_database_option(arguments);
  add_plugin_path_option(arguments);
  arguments.positional("RUN");
  arguments.add()("output,o", po::value<std::string>()->value_name("FILE")->required(), "the PNG file to write");
  arguments.add()("count", po::value<std::int64_t>()->value_name("N")->default_value(64), "how many pictures");
  add_drawing_options(arguments);
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const results::RunId id = run_number(required_word(*values, "RUN", "a run's number; `drawlab runs` lists them"));
  const std::int64_t count = whole_number(*values, "count", 1, 10000, 64);
  const double temperature = temperature_of(*values);
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  PluginHost plugins(PluginHost::standard_folders(plugin_folders(*values)));
  const RecordedRun run = recorded_run(store, id, plugins);
  require_generator(run);
  const TrainedModel model = load_generator(run, drawn_image(run.checkpoint), plugins, usable_cores());
  const Drawing drawing = model.sample(count, seed_for(*values, run), temperature);
  const std::span<const float> pictures(drawing.frame(drawing.glimpses - 1, 0),
                                        static_cast<std::size_t>(drawing.count * drawing.image.count()));
  write_file((*values)["output"].as<std::string>(),
             results::encode_png(results::picture_grid(pictures, drawing.image)));
  return 0;
}

}  // namespace drawlab::runner
