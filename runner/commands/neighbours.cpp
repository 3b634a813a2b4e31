#include "runner/worker/neighbours.hpp"

#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/recorded_run.hpp"
#include "system/machine.hpp"
#include "system/write_file.hpp"

#include <fmt/format.h>

#include <iostream>

namespace drawlab::runner {
namespace po = boost::program_options;

int neighbours_command(const std::vector<std::string>& words) {
  Arguments arguments("neighbours RUN [-o FILE.png] [options]",
                      "Samples of a run beside their nearest training images, so that copying would show: prints the "
                      "Euclidean distances,\nwrites the picture with -o, and puts it into the database with --record.");
  add_database_option(arguments);
  add_plugin_path_option(arguments);
  add_format_option(arguments);
  arguments.positional("RUN");
  arguments.add()("output,o", po::value<std::string>()->value_name("FILE"), "the PNG file to write");
  arguments.add()("record", "put the picture into the database, in place of an earlier one");
  arguments.add()("count", po::value<std::int64_t>()->value_name("N")->default_value(12), "how many samples");
  arguments.add()("nearest", po::value<std::int64_t>()->value_name("N")->default_value(4),
                  "how many training images for each");
  arguments.add()("seed", po::value<std::int64_t>()->value_name("N"), "other samples; by default the run's seed");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const results::RunId id = run_number(required_word(*values, "RUN", "a run's number; `drawlab runs` lists them"));
  const std::int64_t count = whole_number(*values, "count", 1, 1000, 12);
  const std::int64_t nearest = whole_number(*values, "nearest", 1, 100, 4);
  const results::Format format = results::format_of((*values)["format"].as<std::string>());
  const bool records = values->count("record") > 0;
  if (records) require_database(database_path(*values));
  results::Store store(database_path(*values),
                       records ? results::Store::Mode::read_write : results::Store::Mode::read_only);
  PluginHost plugins(PluginHost::standard_folders(plugin_folders(*values)));
  const RecordedRun run = recorded_run(store, id, plugins);
  require_generator(run);
  const auto dataset = open_dataset(run, plugins);
  require_recorded_data(run, dataset->info());
  const TrainedModel model = load_model(run, dataset->info(), plugins, usable_cores());
  const Drawing drawing = model.sample(count, seed_for(*values, run));
  const auto neighbours = nearest_training_images(drawing, *dataset, run.cell.training.limit_train, nearest);
  const results::ImageRow image = neighbours_image(drawing, *dataset, neighbours, run.row.epochs);
  if (records) store.put_image(id, image);
  if (values->count("output") > 0) write_file((*values)["output"].as<std::string>(), image.bytes);
  results::Table table{{"sample", "rank", "training_image", "distance"}, {}};
  for (std::size_t sample = 0; sample < neighbours.size(); ++sample) {
    for (std::size_t rank = 0; rank < neighbours[sample].size(); ++rank) {
      table.rows.push_back({static_cast<std::int64_t>(sample), static_cast<std::int64_t>(rank + 1),
                            neighbours[sample][rank].index, neighbours[sample][rank].distance});
    }
  }
  std::cout << results::format_table(table, format);
  return 0;
}

}  // namespace drawlab::runner
