#include "drawlab/error.hpp"

#include "results/pictures/grid.hpp"
#include "results/pictures/png.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/machine.hpp"
#include "runner/recorded_run.hpp"
#include "runner/write_file.hpp"

#include <fmt/format.h>

#include <algorithm>
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
  arguments.add()("seed", po::value<std::int64_t>()->value_name("N"), "other pictures; by default the run's seed");
  arguments.add()("temperature", po::value<double>()->value_name("X")->default_value(1, "1"),
                  "standard deviation of the latent noise: below 1 more typical, above 1 wilder");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const results::RunId id = run_number(required_word(*values, "RUN", "a run's number; `drawlab runs` lists them"));
  const std::int64_t count = (*values)["count"].as<std::int64_t>();
  if (count < 1 || count > 10000) throw ConfigError(fmt::format("--count: {} is outside 1..10000", count));
  const double temperature = (*values)["temperature"].as<double>();
  if (!(temperature >= 0 && temperature <= 100)) {
    throw ConfigError(fmt::format("--temperature: {} is outside 0..100", temperature));
  }
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  PluginHost plugins(PluginHost::standard_folders(plugin_folders(*values)));
  const RecordedRun run = recorded_run(store, id, plugins);
  if (run.cell.task != Task::generate) throw ConfigError(fmt::format("run {} classifies; it draws nothing", id));
  const auto dataset = open_dataset(run, plugins);
  const TrainedModel model = load_model(run, dataset->info(), plugins, usable_cores());
  const auto seed =
      values->count("seed") > 0 ? static_cast<std::uint64_t>((*values)["seed"].as<std::int64_t>()) : run.cell.seed;
  const Drawing drawing = model.sample(count, seed, temperature);
  const std::span<const float> pictures(drawing.frame(drawing.glimpses - 1, 0),
                                        static_cast<std::size_t>(drawing.count * drawing.image.count()));
  write_file((*values)["output"].as<std::string>(),
             results::encode_png(results::picture_grid(pictures, drawing.image)));
  return 0;
}

}  // namespace drawlab::runner
