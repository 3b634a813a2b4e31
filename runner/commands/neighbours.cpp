#include "runner/worker/neighbours.hpp"

#include "runner/commands/commands.hpp"
#include "runner/commands/recorded_run.hpp"
#include "runner/commands/shared_options.hpp"
#include "system/machine.hpp"
#include "system/write_file.hpp"

namespace drawlab::runner {
namespace {

struct Neighbours : CommandLine {
  RunOption recorded{*this};
  const Path& output = output_option(*this, "PNG file to write", Need::optional);
  const bool& record = flag("record", "store the picture in the database; replaces an earlier one");
  const std::int64_t& count = option("count", integer(1, 1000), "number of samples", "12");
  const std::int64_t& nearest = option("nearest", integer(1, 100), "number of training images per sample", "4");
  SeedOption seed{*this};
  FormatOption format{*this};

  int run() const override {
    results::Store store = record ? recorded.database.open_to_write() : recorded.database.open_to_read();
    PluginHost plugins = recorded.plugins.open();
    const RecordedRun run = recorded_run(store, recorded.run, plugins);
    require_generator(run);
    const auto dataset = open_dataset(run, plugins);
    const TrainedModel model = load_model(run, dataset->info(), plugins, usable_cores());
    const Drawing drawing = model.sample(count, seed.or_else(run.cell.seed));
    const auto neighbours = nearest_training_images(drawing, *dataset, run.cell.training.limit_train, nearest);
    const results::ImageRow image = neighbours_image(drawing, *dataset, neighbours, run.row.epochs);
    if (record) store.put_image(recorded.run, image);
    if (!output.empty()) write_file(output, image.bytes);
    results::Table table{{"sample", "rank", "training_image", "distance"}, {}};
    for (std::size_t sample = 0; sample < neighbours.size(); ++sample) {
      for (std::size_t rank = 0; rank < neighbours[sample].size(); ++rank) {
        table.rows.push_back({static_cast<std::int64_t>(sample), static_cast<std::int64_t>(rank + 1),
                              neighbours[sample][rank].index, neighbours[sample][rank].distance});
      }
    }
    format.print(table);
    return 0;
  }
};

}  // namespace

Command neighbours_command() {
  return command<Neighbours>("neighbours", "shows samples beside their nearest training images",
                             "Compares samples of a run with their nearest training images, to see whether the model "
                             "copies. Prints Euclidean distances; writes the picture with -o.");
}

}  // namespace drawlab::runner
